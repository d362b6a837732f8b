"""Owns who came where: makes sample_data/exposure.csv beside the log, byte for byte the same on every run."""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path

EVENTS_FILE = Path(__file__).with_name("events.jsonl")
EXPOSURE_FILE = Path(__file__).with_name("exposure.csv")
SEED = 20261150

# How many users come at that weekday (Monday first), in percent of the busiest: as many as the log has errors.
WEEKDAY_PERCENT = (100, 100, 98, 96, 88, 25, 22)

# Distinct users of each page and action on the busiest weekday, with or without an error.
BUSY_DAY_USERS = {
    "/agents/run": {"poll": 300, "start": 90, "step": 80},
    "/cart": {"apply_coupon": 180, "update_quantity": 260},
    "/checkout": {"enter_card": 110, "pay": 105, "save_address": 120},
    "/import": {"upload": 80},
    "/login": {"resume": 400, "sign_in": 900, "sign_up": 130},
    "/projects": {"move_task": 190, "save_task": 380},
    "/projects/settings": {"invite": 110, "rename": 45},
    "/reports": {"export_nightly": 8, "load_chart": 260, "run_report": 120, "set_range": 140, "share": 70},
    "/search": {"filter": 210, "query": 520},
}

Place = tuple[str, str]


def users_with_errors() -> dict[date, dict[Place, set[str]]]:
    """Return who ran into an error, by day and place."""
    found: dict[date, dict[Place, set[str]]] = defaultdict(lambda: defaultdict(set))
    for line in EVENTS_FILE.read_text("utf-8").splitlines():
        event = json.loads(line)
        context = event.get("context", {})
        place = context.get("page", ""), context.get("action", "")
        found[date.fromisoformat(event["timestamp"][:10])][place].add(event["userId"])
    return found


def make_exposure() -> bytes:
    """Return how many users came to each place on each day of the log: no fewer than ran into an error there."""
    # of Random, random() alone is promised to stay as it is
    dice = random.Random(SEED)
    hit = users_with_errors()
    lines = ["date,page,action,users"]
    first, last = min(hit), max(hit)
    for day in (first + timedelta(days=number) for number in range((last - first).days + 1)):
        for page, actions in BUSY_DAY_USERS.items():
            for action, busy in actions.items():
                percent = 85 + int(dice.random() * 31)
                users = busy * WEEKDAY_PERCENT[day.weekday()] * percent // 10000
                lines.append(f"{day},{page},{action},{max(users, len(hit[day][page, action]))}")
    return "".join(f"{line}\n" for line in lines).encode()


def main() -> int:
    """Write the file, or with --check compare it; return the exit status."""
    parser = argparse.ArgumentParser(description="Write who came where beside the sample event log.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if the file is out of date")
    if not parser.parse_args().check:
        EXPOSURE_FILE.write_bytes(make_exposure())
    elif not EXPOSURE_FILE.exists() or EXPOSURE_FILE.read_bytes() != make_exposure():
        print(f"{EXPOSURE_FILE} is out of date: run python {__file__}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
