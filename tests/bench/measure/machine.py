"""Where the figures were measured, and with what."""

import importlib.metadata
import os
import pathlib
import platform
import re
import sqlite3
import subprocess

MODULES = {"aiohttp": "aiohttp", "requests": "requests", "Celery": "celery", "redis-py": "redis"}


def describe(build):
    return {
        "processor": processor(),
        "cores": os.cpu_count(),
        "kernel": platform.release(),
        "system": system(),
        "load": round(os.getloadavg()[0], 1),
        "versions": versions(build),
    }


def processor():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def system():
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        return platform.system()


def versions(build):
    found = {
        "repopipe": output([build / "repopipe", "--version"]).removeprefix("repopipe "),
        "compiler": compiler(build),
        "libcurl": output(["curl-config", "--version"]).removeprefix("libcurl "),
        "SQLite": sqlite3.sqlite_version,
        "Python": platform.python_version(),
    }
    for name, module in MODULES.items():
        try:
            found[name] = importlib.metadata.version(module)
        except importlib.metadata.PackageNotFoundError:
            pass
    found["Redis"] = redis()
    return {name: version for name, version in found.items() if version}


def redis():
    """As in "Redis server v=7.0.15 sha=..."."""
    version = re.search(r"\bv=(\S+)", output(["redis-server", "--version"]))
    return version[1] if version else ""


def compiler(build):
    try:
        cache = (build / "CMakeCache.txt").read_text()
    except OSError:
        return ""
    for line in cache.splitlines():
        if line.startswith("CMAKE_CXX_COMPILER:"):
            return output([line.split("=", 1)[1], "--version"]).splitlines()[0]
    return ""


def output(command):
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""
