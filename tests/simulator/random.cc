#include "tests/simulator/random.h"

namespace repopipe::simulator {
namespace {

constexpr std::uint64_t kGamma = 0x9e3779b97f4a7c15;

}  // namespace

std::uint64_t mix(std::uint64_t value) {
  value ^= value >> 30;
  value *= 0xbf58476d1ce4e5b9;
  value ^= value >> 27;
  value *= 0x94d049bb133111eb;
  value ^= value >> 31;
  return value;
}

std::uint64_t mix(std::uint64_t left, std::uint64_t right) {
  return mix(mix(left + kGamma) ^ (right * kGamma + 1));
}

double unit_interval(std::uint64_t bits) {
  return static_cast<double>(bits >> 11) * 0x1.0p-53;
}

std::uint64_t Dice::next() {
  state_ += kGamma;
  return mix(state_);
}

}  // namespace repopipe::simulator
