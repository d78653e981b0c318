"""A walk over the pages a person can reach by links, and what every page must be."""

import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote, urljoin, urlsplit

import html5lib
from bs4 import BeautifulSoup, Tag
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import NotFound

SAMPLES = 2
"""How many addresses of one view are opened, so that a walk stays short."""

REFERENCE = re.compile(r"\b[A-Z]+-[A-Z0-9]+\b")

NOT_FOLLOWED = ("/static/", "/sign-out")


@dataclass
class Walk:
    """What a walk found: the addresses opened, by view, and every problem with where it was."""

    opened: list[str] = field(default_factory=list)
    views: Counter[str] = field(default_factory=Counter)
    links: set[str] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)


def walk(app: Flask, client: FlaskClient, start: str = "/") -> Walk:
    """Open every kind of page that can be reached by links from `start`."""
    found, waiting, seen = Walk(), deque([start]), {start}
    adapter = app.url_map.bind("localhost")
    while waiting:
        address = waiting.popleft()
        try:
            view = adapter.match(urlsplit(address).path)[0]
        except NotFound:
            found.problems.append(f"{address}: a link to no page")
            continue
        if found.views[view] >= SAMPLES:
            continue
        found.views[view] += 1
        answer = client.get(address)
        found.opened.append(address)
        if answer.status_code != 200:
            found.problems.append(f"{address}: status {answer.status_code}")
            continue
        if answer.mimetype != "text/html":
            continue
        html = answer.get_data(as_text=True)
        page = BeautifulSoup(html, "lxml")
        problems = problems_of(page)
        if found.views[view] == 1:
            # Every page of a view is of one template, and this reading takes as long as all the rest.
            problems += invalid_html_of(html)
        found.problems.extend(f"{address}: {problem}" for problem in problems)
        for link in _links_in(page, address):
            found.links.add(link)
            if link not in seen and not link.startswith(NOT_FOLLOWED):
                seen.add(link)
                waiting.append(link)
    return found


def links_of(html: str, address: str) -> Iterator[str]:
    """Give the addresses inside the service that a page links to."""
    return _links_in(BeautifulSoup(html, "lxml"), address)


def _links_in(page: BeautifulSoup, address: str) -> Iterator[str]:
    for anchor in page.find_all("a", href=True):
        target = urlsplit(urljoin(f"http://localhost{address}", str(anchor["href"])))
        if target.scheme == "http" and target.hostname == "localhost":
            yield unquote(target.path + (f"?{target.query}" if target.query else ""))


def invalid_html_of(html: str) -> list[str]:
    """Say where a page is not HTML."""
    parser = html5lib.HTMLParser()
    parser.parse(html)
    return [f"invalid HTML at {place}: {code}" for place, code, _ in parser.errors]


def problems_of(page: BeautifulSoup) -> list[str]:
    """Say what is wrong with a page: an id twice, a field without a label, a wrong title."""
    problems: list[str] = []
    ids = Counter(str(tag["id"]) for tag in page.find_all(id=True))
    problems.extend(f"the id {name} stands {times} times" for name, times in ids.items() if times > 1)
    problems.extend(_unlabelled(page))
    headings = [heading.get_text(" ", strip=True) for heading in page.find_all("h1")]
    title = page.title.get_text(" ", strip=True).rsplit(" – ", 1)[0] if page.title else ""
    if name := page.select_one("h1 bdi"):
        if name.get_text(strip=True) in title:
            problems.append(f"the title “{title}” names a person, and browsers keep titles")
    elif [_one(text) for text in headings] != [_one(title)]:
        problems.append(f"the title “{title}” is not the one h1: {headings}")
    return problems


def _unlabelled(page: BeautifulSoup) -> Iterator[str]:
    labelled = {str(label["for"]) for label in page.find_all("label", attrs={"for": True})}
    for tag in page.find_all(["input", "select", "textarea"]):
        assert isinstance(tag, Tag)
        if tag.get("type") in ("hidden", "submit", "button"):
            continue
        named = tag.get("aria-label") or tag.get("aria-labelledby") or tag.find_parent("label")
        if tag.get("id") not in labelled and not named:
            yield f"the field {tag.get('name')} has no label"


def _one(text: str) -> str:
    return " ".join(text.split())
