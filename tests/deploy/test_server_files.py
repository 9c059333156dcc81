"""What a server is put up with: the image, its composition, the unit, the proxy. Nothing is built here."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import socket
import ssl
import subprocess
import time
import tomllib
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from places import ROOT

from obhvat.cli.serving import serve
from obhvat.ui.doorkeeper import ADDRESS, DOOR, HEALTH

DEPLOY = ROOT / "obhvat" / "deploy"
CADDY, SYSTEMD, DOCKER = map(shutil.which, ("caddy", "systemd-analyze", "docker"))
# Options of „serve“ that a variable gives, too.
VARIABLES = {"OBHVAT_STORE", "OBHVAT_COPIES", "OBHVAT_LOG", "OBHVAT_PROVIDER"}


@pytest.fixture(scope="module")
def image() -> list[list[str]]:
    """The instructions of the image, each in its words."""
    lines = (DEPLOY / "Containerfile").read_text("utf-8").replace("\\\n", " ").splitlines()
    return [shlex.split(line) for line in lines if line and not line.startswith("#")]


def copied(image: list[list[str]]) -> set[str]:
    return {name for word, *names in image if word == "COPY" and "--from=build" not in names for name in names[:-1]}


def test_everything_the_wheel_is_made_of_goes_into_the_image_and_nothing_of_the_stores(image: list[list[str]]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    needed = {"pyproject.toml", "requirements.txt", project["project"]["readme"], *project["project"]["license-files"]}
    assert copied(image) == needed | {*wheel["packages"], *wheel["force-include"]}
    assert [name for name in copied(image) if not (ROOT / name).exists()] == []


def test_the_image_runs_for_a_user_of_its_own_who_has_the_two_folders(image: list[list[str]]) -> None:
    words = [instruction[0] for instruction in image]
    last = len(words) - 1 - words[::-1].index("FROM")
    assert words[last:].index("USER") > words[last:].index("RUN")
    [user] = [instruction[1] for instruction in image[last:] if instruction[0] == "USER"]
    [run] = [instruction for instruction in image[last:] if instruction[0] == "RUN"]
    assert (user, run[run.index("--uid") + 1]) == ("obhvat", "10001")
    [variables] = [dict(pair.split("=", 1) for pair in words) for word, *words in image if word == "ENV"]
    [volumes] = [re.findall(r"/[\w/-]+", " ".join(words)) for word, *words in image if word == "VOLUME"]
    assert {str(Path(variables["OBHVAT_STORE"]).parent), variables["OBHVAT_COPIES"]} == {*volumes} <= {*run}


def test_the_image_asks_the_server_whether_it_is_well(image: list[list[str]]) -> None:
    [check] = [" ".join(words) for word, *words in image if word == "HEALTHCHECK"]
    assert f"http://{ADDRESS}:8501{HEALTH}" in check
    assert serve.__defaults__ is not None
    assert 8501 in serve.__defaults__


def test_every_variable_is_one_that_the_program_reads(image: list[list[str]]) -> None:
    named = {name for name in VARIABLES if f'"{name}"' not in _of_the_command_line()}
    assert named == set()
    for file in ("Containerfile", "compose.yaml", "obhvat.service"):
        given = set(re.findall(r"\bOBHVAT_\w+(?==|: )", (DEPLOY / file).read_text("utf-8")))
        # The name of the server and the certificate are the proxy's and the command's.
        assert given - VARIABLES - {"OBHVAT_NAME", "OBHVAT_TLS"} == set(), file


def _of_the_command_line() -> str:
    return "".join(path.read_text("utf-8") for path in (ROOT / "obhvat" / "cli").glob("*.py"))


def test_every_service_of_the_composition_can_do_as_little_as_it_needs() -> None:
    text = (DEPLOY / "compose.yaml").read_text("utf-8")
    services = re.split(r"^  (\w+):\n", text.partition("services:")[2].partition("\nvolumes:")[0], flags=re.M)
    parts = dict(zip(services[1::2], services[2::2], strict=True))
    assert [*parts] == ["net", "obhvat", "caddy"]
    for name, part in parts.items():
        for line in ("read_only: true", "cap_drop: [ALL]", 'security_opt: ["no-new-privileges:true"]'):
            assert f"    {line}\n" in part, (name, line)
        assert re.search(r"^    mem_limit: \d+[mg]$", part, re.M), name
        # The application answers on the loopback alone: who is in its network reaches it, nothing is given outside.
        is_net = name == "net"
        assert ("ports:" in part, 'network_mode: "service:net"' in part) == (is_net, not is_net)
    for host in re.findall(r"- (?:\$\{\w+:-)?(\./[\w.]+)", text):
        assert (DEPLOY / host).is_file()
    named = re.findall(r"^      - (\w+):/", text, re.M)
    assert sorted(named) == sorted(re.findall(r"^  (\w+):$", text.partition("\nvolumes:")[2], re.M))


@pytest.mark.skipif(
    not DOCKER or subprocess.run([DOCKER, "compose", "version"], capture_output=True).returncode != 0,
    reason="няма docker compose",
)
def test_the_composition_is_understood() -> None:
    environment = {**os.environ, "OBHVAT_NAME": "okc.localhost"}
    command = [str(DOCKER), "compose", "-f", DEPLOY / "compose.yaml", "config", "--quiet"]
    done = subprocess.run(command, env=environment, capture_output=True, encoding="utf-8")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not SYSTEMD, reason="няма systemd-analyze")
def test_the_unit_is_understood_and_can_do_little(tmp_path: Path) -> None:
    unit = tmp_path / "obhvat.service"
    text = (DEPLOY / "obhvat.service").read_text("utf-8").replace("/opt/obhvat/bin/obhvat", "/bin/true")
    unit.write_text(text, "utf-8")
    done = subprocess.run([str(SYSTEMD), "verify", unit], capture_output=True, encoding="utf-8")
    assert (done.returncode, done.stderr) == (0, "")
    weighed = subprocess.run(
        [str(SYSTEMD), "security", "--offline=true", "--threshold=20", "--no-pager", unit],
        capture_output=True,
        encoding="utf-8",
    )
    assert weighed.returncode == 0, weighed.stdout[-200:]


@pytest.mark.skipif(not CADDY, reason="няма Caddy")
def test_the_proxy_gives_nothing_of_the_machine_and_logs_nobody(tmp_path: Path) -> None:
    sockets = [socket.socket() for _ in range(3)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    http, https, nobody = (str(one.getsockname()[1]) for one in sockets)
    for one in sockets:
        one.close()
    environment = {
        **{name: str(tmp_path) for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME")},
        "OBHVAT_NAME": "localhost",
        "OBHVAT_TLS": "tls internal",
        "OBHVAT_PORT": nobody,
        "OBHVAT_HTTP_PORT": http,
        "OBHVAT_HTTPS_PORT": https,
    }
    command = [str(CADDY), "run", "--config", DEPLOY / "Caddyfile", "--adapter", "caddyfile"]
    log = tmp_path / "log"
    with log.open("wb") as told, subprocess.Popen(command, env=environment, stderr=told) as proxy:
        try:
            statuses = [_status(f"https://localhost:{https}{path}") for path in (HEALTH, DOOR, "/cases?code=tayno")]
        finally:
            proxy.terminate()
    assert statuses == [404, 404, 502]
    written = log.read_text("utf-8")
    assert "connection refused" in written
    assert [word for word in ("cases", "code=", "remote_ip", "User-Agent") if word in written] == []


def _status(address: str) -> int:
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    for _ in range(100):
        try:
            with urllib.request.urlopen(address, context=trusting) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            with error:
                return error.code
        except OSError:
            time.sleep(0.1)
    raise AssertionError(address)
