"""Swagger UI in a browser, with the key of the example data filled in: what a developer meets first."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, Response, expect, sync_playwright

from app import example_ids as ids
from app.types import Json
from tests.conftest import PROOF, Service, serving_examples
from tests.test_demo import FILE, ROUNDS, TIMES, Try, tries

PATIENCE = 120_000  # milliseconds; beside others on a busy machine the page takes half a minute to come up
PATIENT = 20  # operations, after which a visitor loads the page anew
SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
LARGEST = ["paths", "/v1/briefings/{system}/{external_id}", "put"]
BOTH_WAYS = """async (path) => {
  const box = document.body.appendChild(document.createElement("div"));
  const other = SwaggerUIBundle({spec: {openapi: "3.1.0", info: {title: "", version: ""}, paths: {}}, domNode: box});
  const description = ui.specSelectors.specJson().toJS();
  const at = {baseDoc: new URL(ui.specSelectors.url(), location).href};
  const both = [ui, other].map((one) => one.getSystem().fn.resolveSubtree(description, path, at));
  const [ours, own] = (await Promise.all(both)).map(({spec}) => JSON.stringify(spec));
  box.remove();
  return [ours, own];
}"""
FIRST = {
    "meetings": "Hội nghị, cuộc họp",
    "agenda-items": "Nội dung chương trình",
    "speakers": "Đại biểu, người phát biểu",
    "quarterly-tasks": "Nhiệm vụ quý",
}


@dataclass
class Tab:
    """A page, what it asked for, and what it said on the console."""

    page: Page
    asked: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def watch(self) -> None:
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The machine's own Chromium."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        missing = "no browser: apt-get install -y --no-install-recommends chromium"
        pytest.fail(missing) if os.environ.get("CI") == "true" else pytest.skip(missing)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=SWITCHES)
        yield started
        started.close()


@pytest.fixture(scope="module", params=["sqlite"])
def desk(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """What `serve --demo` serves, on fresh data."""
    with serving_examples(request, tmp_path_factory.mktemp("data")) as service:
        service.app.state.demo_key = service.key
        yield service


@pytest.fixture(scope="module")
def visit(desk: Service, browser: Browser) -> Iterator[Tab]:
    """The documentation, opened once for all: a page takes seconds to show that many operations."""
    tab = Tab(browser.new_page(viewport={"width": 1280, "height": 900}))
    tab.page.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    tab.watch()
    tab.page.goto(desk.url)
    _is_ready(tab.page)
    yield tab
    tab.page.close()


@pytest.fixture
def tab(visit: Tab, desk: Service) -> Iterator[Tab]:
    """The page, which asks nobody else and complains of nothing, whatever is done with it."""
    yield visit
    assert [url for url in visit.asked if not url.startswith(f"{desk.url}/")] == []
    assert visit.said == []


@pytest.fixture
def page(tab: Tab) -> Page:
    return tab.page


def _is_ready(page: Page) -> None:
    page.locator(".authorize.locked").wait_for()  # the last to come: the key is filled in


@contextmanager
def opened(page: Page, name: str) -> Iterator[Locator]:
    """An operation, unfolded, under its tag; "Try it out" is on."""
    tag = page.locator(f".opblock-tag[data-tag='{tag_of(page)[name]}']")
    was_open = tag.get_attribute("data-is-open") == "true"
    if not was_open:
        tag.click()
    block = page.locator(f".opblock[id$='-{name}']")
    block.locator(".opblock-summary-control").click()
    block.locator(".responses-table").first.wait_for()  # until then its references are looked up
    yield block
    block.locator(".opblock-summary-control").click()
    if not was_open:
        tag.click()  # of very many that are shown at once the page would draw only those in sight


@lru_cache(maxsize=1)
def tag_of(page: Page) -> dict[str, str]:
    """Where the page shows an operation."""
    paths = page.request.get(page.url.partition("/docs")[0] + "/openapi.json").json()["paths"]
    return {one["operationId"]: one["tags"][0] for methods in paths.values() for one in methods.values()}


def execute(page: Page, block: Locator) -> Response:
    """Press Execute; the answer, once the page shows it."""
    with page.expect_response(lambda one: "/v1/" in one.url) as got:
        block.locator("button.execute").click()
    block.locator(".live-responses-table", has_text=got.value.headers["x-request-id"]).wait_for()
    return got.value


def status_shown(block: Locator) -> str:
    """As the page says it: with "Undocumented" where the operation does not promise it."""
    return block.locator(".live-responses-table tbody .response-col_status").inner_text()


def test_the_cards_four_come_first_by_their_vietnamese_names(page: Page, desk: Service) -> None:
    document = desk.app.openapi()
    tags = page.locator(".opblock-tag")
    shown = [tags.nth(n).get_attribute("data-tag") for n in range(len(FIRST))]
    assert shown == list(FIRST)
    expect(tags).to_have_count(len(document["tags"]))
    operations = [one for methods in document["paths"].values() for one in methods.values()]
    of_the_four = sum(one["tags"][0] in FIRST for one in operations)
    expect(page.locator(".opblock")).to_have_count(of_the_four)
    for tag, name in FIRST.items():
        expect(page.locator(f"#operations-tag-{tag}").get_by_text(name)).to_be_visible()


def test_the_filter_leaves_what_it_names(page: Page) -> None:
    page.get_by_placeholder("Filter").fill("speakers")
    expect(page.locator(".opblock-tag")).to_have_count(1)
    expect(page.locator("#operations-speakers-list_speakers")).to_be_visible()
    page.get_by_placeholder("Filter").fill("")
    expect(page.locator("#operations-tag-meetings")).to_be_visible()


def test_what_goes_wrong_can_be_read_on_the_page(tab: Tab) -> None:
    with opened(tab.page, "get_agenda_item") as block:
        named = block.get_by_placeholder("agenda_item_id")
        named.fill(ids.TASK)
        answer = execute(tab.page, block)
        assert (answer.status, status_shown(block)) == (404, "404")
        told = block.locator(".live-responses-table").inner_text()
        named.fill(ids.BRIEFING_ECONOMY)  # the page is used on
        named.blur()
    assert "content-type: application/problem+json" in told
    assert '"code": "not-found"' in told
    assert f'"title": "{answer.json()["title"]}"' in told
    assert tab.said.pop().startswith("Failed to load resource:")  # Chromium's own line on each such answer


def test_what_the_page_shows_of_an_operation_is_what_swagger_ui_itself_would(
    page: Page, desk: Service
) -> None:
    """It puts what is named in place by itself; Swagger UI's own way takes seconds for each. In short, of one; else of one in six."""
    paths = desk.app.openapi()["paths"]
    every = [["paths", path, method] for path, methods in paths.items() for method in methods]
    for path in [LARGEST, *every[::6]] if PROOF else [LARGEST]:
        ours, own = page.evaluate(BOTH_WAYS, path)
        assert ours == own, path
        assert "$$ref" in ours


# -- the examples, untouched


def chosen(document: Json) -> list[Try]:
    """One operation of each way in which the page fills in and sends; with PROOF=1 all. Deletions come last.

    The page takes a second for each Execute. That the examples of all operations succeed is held by
    tests/test_demo.py; here, that what it sends is what the page sends.
    """
    every = sorted(tries(document), key=lambda each: (each.method == "DELETE", each.name in TIMES))
    return every if PROOF else list({_way(each): each for each in reversed(every)}.values())[::-1]


def _way(each: Try) -> tuple[str, bool]:
    """Reads and deletions differ by nothing but their path; what is written, by whether a file goes with it."""
    return each.method, each.takes_file


def test_examples_succeed_untouched_three_times_in_a_row(page: Page, desk: Service) -> None:
    """In short, one of each method thrice and the others once: that they succeed thrice, tests/test_demo.py tries."""
    failed = []
    for number, each in enumerate(chosen(desk.app.openapi()), 1):
        if number % PATIENT == 0:  # of all that was answered the page keeps every letter, and gets slow
            page.reload()
            _is_ready(page)
        with opened(page, each.name) as block:
            if each.takes_file:
                name, content, kind = FILE["file"]
                choose = block.locator("input[type=file]")
                choose.set_input_files({"name": name, "mimeType": kind, "buffer": content})
            for _ in range(times(each, desk.app.openapi())):
                answer = execute(page, block)
                _is_what_is_sent(each, answer)
                is_expected = answer.status in {each.expected, each.at_first}
                if not is_expected or status_shown(block) != str(answer.status):
                    failed.append(f"{each.name}: {answer.status} {answer.text()}")
    assert failed == []


def times(each: Try, document: Json) -> int:
    """How often it is executed, one time after the other."""
    by_body = sorted(chosen(document), key=lambda one: one.body is not None)
    thrice = {one.method: one.name for one in by_body}.values()
    if each.method == "DELETE" or not (PROOF or each.name in thrice):
        return 1
    return TIMES.get(each.name, ROUNDS)


def _is_what_is_sent(each: Try, answer: Response) -> None:
    """The page sent what other tests take it to send."""
    sent = answer.request
    url = httpx.URL(sent.url)
    assert (sent.method, url.path) == (each.method, each.path)
    assert sorted(url.params.multi_items()) == sorted(httpx.QueryParams(each.query).multi_items()), each.name
    if each.takes_file:
        kind, made = sent.headers["content-type"], answer.json()  # a form with a file, Chromium tells nobody
        assert kind.startswith(f"{each.headers['content-type']}; boundary="), each.name
        assert made["sha256"] == sha256(FILE["file"][1]).hexdigest(), each.name
        assert {name: made[name] for name in each.body} == each.body, each.name
        return
    assert sent.post_data_json == each.body, each.name
    assert {name: sent.headers.get(name.lower()) for name in each.headers} == each.headers, each.name


# -- who asks


def test_a_reload_keeps_the_visitors_own_key(page: Page, desk: Service) -> None:
    keys = f"/v1/principals/{ids.PROVINCIAL_READER}/keys"
    own = desk.client(desk.app.state.demo_key).post(keys, json={"label": "own"}).json()["key"]
    page.locator(".btn.authorize").click()
    page.get_by_label("Remove authorization").click()
    page.locator("#api_key_value").fill(own)
    page.get_by_label("Apply credentials").click()
    page.locator(".auth-container .btn-done").click()
    page.reload()
    _is_ready(page)
    with opened(page, "list_vocabularies") as block:
        answer = execute(page, block)
    assert (answer.status, answer.request.headers["x-api-key"]) == (200, own)
