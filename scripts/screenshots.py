"""Make the README's pictures again, and pictures of every main page to look at (`make screenshots`).

The county is built in a temporary folder at a fixed moment and served on a free port; nothing else is touched.
`docs/` gets the two pictures of the README, `build/screenshots/` (ignored by git) every main page, wide and narrow.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import select
from sqlmodel import col

from meetings_app.accounts.models import Account
from meetings_app.accounts.queries import actor_of
from meetings_app.app import make_service
from meetings_app.clock import london_date
from meetings_app.config import load
from meetings_app.db.session import act_for
from meetings_app.meetings import publishing
from meetings_app.meetings.opening import open_meeting
from meetings_app.permissions import OPERATOR
from meetings_app.schedule.models import Meeting, MeetingState
from meetings_app.schedule.office import Office

ROOT = Path(__file__).resolve().parents[1]
SEEN = ROOT / "build" / "screenshots"
MOMENT = "2026-11-24T10:05:00"
PASSWORD = "plainly-invented-otter-lamp"
CHROMIUM = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
WIDTHS = (1280, 375)

PAGES: dict[str, tuple[str, ...]] = {
    "coordinator": (
        "/", "/list", "/referrals", "/meetings", "/actions", "/import", "first:/children/", "first:/referrals/R-",
        "first:/actions/A-", "meeting:", "meeting:/agenda",
    ),
    "chair-cs": ("/", "started:", "started:/agenda", "started:/record", "item:", "closed:", "closed:/minutes"),
    "police": ("/", "/actions", "/list"),
    "school": ("/", "first:/children/"),
    "lead": ("/", "first:/children/"),
    "specialist": ("/",),
    "analyst": ("/",),
    "chair-police": ("/",),
    "admin": ("/", "/accounts"),
    "auditor": ("/", "/audit/"),
}  # fmt: skip
"""By account, the pages to look at; `first:` is the first link of that kind on the list or the home page."""


def main() -> int:
    """Build the county, start one meeting, serve, and take the pictures."""
    shutil.rmtree(SEEN, ignore_errors=True)
    SEEN.mkdir(parents=True)
    (ROOT / "docs").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        values = {
            "MEETINGS_INSTANCE": folder, "MEETINGS_NOW": MOMENT, "MEETINGS_DEMO_PASSWORD": PASSWORD,
            "MEETINGS_DATABASE_URL": f"sqlite:///{folder}/demo.db", "MEETINGS_ENV": "demo",
        }  # fmt: skip
        meetings = [sys.executable, "-m", "meetings_app.cli", "demo"]
        environment = {**os.environ, **values}
        subprocess.run([*meetings, "--no-serve"], check=True, env=environment, cwd=ROOT)
        references = start_a_meeting(values)
        port = free_port()
        with served([*meetings, "--port", str(port)], environment, port), sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
            take_all(browser, f"http://127.0.0.1:{port}", references)
            browser.close()
    print(f"The README’s pictures are in docs/, the others in {SEEN.relative_to(ROOT)}/.")
    return 0


def start_a_meeting(values: dict[str, str]) -> dict[str, str]:
    """Publish and open the next meeting, so that there is an item to record; gives the references of three meetings."""
    service = make_service(load(values))
    office, now = Office.of(service.settings, service.partnership), service.settings.clock.now()
    with service.sessions.begin() as session:
        act_for(session, OPERATOR)
        chair = session.scalars(select(Account).where(col(Account.email) == "chair-cs@exampleshire.example")).one()
        person = actor_of(session, chair.key)
        assert person is not None
        meetings = session.scalars(
            select(Meeting)
            .where(col(Meeting.state) == MeetingState.ANNOUNCED, col(Meeting.area_id).is_not(None))
            .order_by(col(Meeting.held_on), col(Meeting.id))
        ).all()
        publishing.publish(session, person, now, office, meetings[0], meetings[0].version, "For a picture.")
        first = meetings[0]
        open_meeting(session, person, now, office, first, first.version, person.name, london_date(now))
        closed = session.scalars(
            select(Meeting).where(col(Meeting.state) == MeetingState.CLOSED).order_by(col(Meeting.id).desc())
        ).first()
        found = {"started": meetings[0].reference, "meeting": meetings[1].reference}
        found["closed"] = closed.reference if closed else found["meeting"]
    service.engine.dispose()
    return found


def take_all(browser: Browser, base: str, references: dict[str, str]) -> None:
    """Sign in as each account and take its pages at each width."""
    for account, addresses in PAGES.items():
        for width in WIDTHS:
            page = browser.new_page(viewport={"width": width, "height": 900})
            sign_in(page, base, account)
            for address in addresses:
                where = resolved(page, base, address, references)
                if where is None:
                    print(f"{account}: there is no page {address}", file=sys.stderr)
                    continue
                answer = page.goto(base + where)
                if answer is None or answer.status != 200:
                    print(f"{account}: {where} answers {answer.status if answer else 'nothing'}", file=sys.stderr)
                    continue
                name = f"{account}-{address.strip('/').replace('/', '-').replace(':', '-') or 'home'}-{width}.png"
                page.screenshot(path=SEEN / name, full_page=True)
                overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
                if overflow > 0:
                    print(f"{account}: {where} is {overflow} px too wide at {width}", file=sys.stderr)
                for_readme = {"/list": "list", "item:": "item"}.get(address)
                if width == WIDTHS[0] and for_readme and account in ("coordinator", "chair-cs"):
                    page.screenshot(path=ROOT / "docs" / f"{for_readme}.png")
            page.context.close()


def resolved(page: Page, base: str, address: str, references: dict[str, str]) -> str | None:
    """Give the address that a name of a page stands for, or None where there is none."""
    kind, colon, rest = address.partition(":")
    if not colon:
        return address
    if kind in references:
        return f"/meetings/{references[kind]}{rest}"
    start, wanted = ("/", rest) if kind == "first" else (f"/meetings/{references['started']}/record", "/items/6.")
    places = [start, "/list", "/my-children", "/referrals", "/actions"] if kind == "first" else [start]
    for place in places:
        answer = page.goto(base + place)
        if answer is None or answer.status != 200:
            continue
        links = [str(link.get_attribute("href")) for link in page.locator("main a[href]").all()]
        fitting = [link for link in links if wanted in link and "new" not in link]
        if fitting:
            return fitting[0]
    return None


def sign_in(page: Page, base: str, account: str) -> None:
    """Sign in as a person does."""
    page.goto(f"{base}/sign-in")
    page.fill("[name=email]", f"{account}@exampleshire.example")
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")


@contextmanager
def served(command: list[str], environment: dict[str, str], port: int) -> Iterator[None]:
    """Serve the county while the block runs."""
    server = subprocess.Popen(command, env=environment, cwd=ROOT)
    try:
        for _ in range(100):
            try:
                with urlopen(f"http://127.0.0.1:{port}/healthz"):
                    break
            except (URLError, ConnectionError):
                time.sleep(0.2)
        yield
    finally:
        server.terminate()
        server.wait(20)


def free_port() -> int:
    """Give a port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def chromium() -> str:
    """Give the browser of this machine."""
    found = next((path for name in CHROMIUM if (path := shutil.which(name))), None)
    if found is None:
        raise SystemExit("Chromium is missing. Install it: sudo apt install chromium-headless-shell")
    return found


if __name__ == "__main__":
    sys.exit(main())
