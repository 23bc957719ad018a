"""Results as text for people, some 80 columns wide."""


def text(results):
    parts = [machine_lines(results["machine"], results["options"])]
    parts.append(throughput_lines(results["throughput"], results["world"]))
    parts.append(latency_lines(results["latency"]))
    parts.append(ways_lines(results))
    if "startup" in results:
        parts.append(startup_lines(results["startup"]))
    if "million" in results:
        parts.append(million_lines(results["million"]))
    return "\n".join("\n".join(lines) + "\n" for lines in parts)


def missed(results):
    """How many bars."""
    marks = [bar["ok"] for each in results["throughput"] for bar in each["bars"]]
    marks += [each["ok"] for each in results["latency"]]
    marks.append(results.get("startup", {}).get("ok"))
    million = results.get("million", {})
    marks += [million.get("linear_ok"), million.get("memory_ok")]
    return sum(mark is False for mark in marks)


def verdict(ok):
    return {True: "ok", False: "MISSED", None: ""}[ok]


def machine_lines(machine, options):
    versions = [f"{name} {version}" for name, version in machine["versions"].items()]
    lines = [f"{machine['processor']}, {machine['cores']} cores, Linux {machine['kernel']}"]
    line = machine["system"]
    for word in versions:
        if len(line) + 2 + len(word) > 80:
            lines.append(line)
            line = word
        else:
            line += ", " + word
    lines.append(line)
    lines.append(f"{options}; load average before: {machine['load']}")
    return lines


def throughput_lines(results, world):
    lines = [
        f"Throughput: {world['users']:,} users, {world['repos']:,} repositories, 32 at a time",
        f"{'':21}{'wall s':>7}{'repos/s':>9}{'CPU s':>7}{'MB':>6}{'sim':>5}{'ratio':>7}  bar",
    ]
    for each in results:
        if each["wall"] is None:
            lines.append(f"{each['name']:21} not measured: install {each['missing']}")
            continue
        lines.append(
            f"{each['name']:21}{each['wall']:7.2f}{each['repos'] / each['wall']:9,.0f}"
            f"{each['cpu']:7.2f}{each['peak_mb']:6.0f}{each['simulator_share']:5.0%}"
            f"{each['ratio']:7.2f}  {default_bars(each, results[0])}".rstrip()
        )
    lines.append("medians; sim: the server's share of one core; ratio: wall time over repopipe's")
    return lines + other_bars(results)


def default_bars(each, default):
    """Of the ratio that the table has."""
    return ", ".join(bar_text(bar) for bar in each["bars"] if bar["against"] == default["key"])


def other_bars(results):
    """A line for each that compares two others."""
    names = {each["key"]: each["name"] for each in results}
    return [
        f"{each['name']} / {names[bar['against']]}: {bar['ratio']:.2f}  {bar_text(bar)}"
        for each in results
        for bar in each["bars"]
        if bar["against"] != results[0]["key"] and bar["ratio"] is not None
    ]


def bar_text(bar):
    if bar["most"]:
        return f"<= {bar['limit']:g} {verdict(bar['ok'])}"
    if bar["limit"] < 1:
        return f">= 1/{1 / bar['limit']:g} {verdict(bar['ok'])} ({1 / bar['ratio']:.2f})"
    return f">= {bar['limit']:g} {verdict(bar['ok'])}"


def latency_lines(results):
    lines = [
        "200 ms of latency, 100 requests in flight",
        f"{'':11}{'users':>8}{'requests':>9}{'ideal s':>9}{'rounds s':>10}{'wall s':>8}"
        f"{'over':>7}{'CPU s':>7}{'sim':>5}  bar",
    ]
    for each in results:
        lines.append(
            f"{each['way']:11}{each['users']:8,}{each['requests']:9,}{each['ideal']:9.2f}"
            f"{each['rounds']:10.2f}{each['wall']:8.2f}{each['over']:7.1%}{each['cpu']:7.2f}"
            f"{each['simulator_share']:5.0%}  {verdict(each['ok'])}".rstrip()
        )
    lines.append("ideal: requests x latency / in flight; rounds: the same in whole round trips;")
    lines.append("over: above ideal, bar 5 %, for the larger world, where the last round is small")
    return lines


def ways_lines(results):
    """What each way takes for each kind of work; rows of other measurements, side by side."""
    large, many = results["large_user"], max(each["users"] for each in results["latency"])
    columns = [each["way"] for each in large["runs"]]
    walls = {
        f"CPU bound: {results['world']['users']:,} users, no latency": {
            each["key"]: each["wall"] for each in results["throughput"]
        },
        f"latency bound: {many:,} users, 200 ms": {
            each["way"]: each["wall"] for each in results["latency"] if each["users"] == many
        },
        f"one large user: {large['requests']} pages, 200 ms": {
            each["way"]: each["wall"] for each in large["runs"]
        },
        f"a page that crashes a parser: {results['world']['users']:,} users": {
            each["way"]: each["wall"] or "dies" for each in results["hostile_page"]
        },
    }
    lines = [f"{'Which way for which work, s':40}" + "".join(f"{each:>11}" for each in columns)]
    for row, by_way in walls.items():
        figures = (by_way.get(each) for each in columns)
        lines.append(f"{row:40}" + "".join(map(seconds, figures)))
    lines.append(f"the large user's two round trips: {large['ideal']:.2f}")
    return lines


def seconds(wall):
    if wall is None:
        return f"{'-':>11}"
    return f"{wall:>11}" if isinstance(wall, str) else f"{wall:11.2f}"


def startup_lines(result):
    if "missing" in result:
        return [f"One user: not measured: install {result['missing']}"]
    milliseconds = {name: result[name] * 1000 for name in ("new", "again", "hand", "more")}
    return [
        "One user, start to end",
        f"repopipe, new database     {milliseconds['new']:7.1f} ms",
        f"repopipe, the same again   {milliseconds['again']:7.1f} ms",
        f"curl and sqlite3 by hand   {milliseconds['hand']:7.1f} ms",
        f"more than by hand          {milliseconds['more']:7.1f} ms"
        f"  bar 50 ms {verdict(result['ok'])}",
    ]


def million_lines(result):
    lines = [
        "Small accounts, pages made on demand by the server",
        f"{'users':>12}{'repos':>12}{'wall s':>9}{'users/s':>9}{'CPU s':>8}{'MB':>6}{'sim':>6}",
    ]
    for each in result["runs"]:
        lines.append(
            f"{each['users']:12,}{each['repos']:12,}{each['wall']:9.1f}"
            f"{each['users'] / each['wall']:9,.0f}{each['cpu']:8.1f}{each['peak_mb']:6.0f}"
            f"{each['simulator_share']:6.0%}"
        )
    lines.append(
        f"time of one user: {result['growth']:.2f} times, bar 1.2 {verdict(result['linear_ok'])};"
        f" peak memory: bar 150 MB {verdict(result['memory_ok'])}"
    )
    return lines
