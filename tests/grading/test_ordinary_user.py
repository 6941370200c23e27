"""The box is made in another way for root than for anybody else: here every attack runs under an ordinary account."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
CHECKOUT = HERE.parents[1]
USER = 65534  # nobody; it owns nothing
FORBIDDEN = "no box for an ordinary user here: "
PROBE = "from onefunnel.grading.forking import box; import os; print(os.getuid(), box.missing())"
pytestmark = pytest.mark.skipif(
    not hasattr(os, "getuid") or os.getuid() != 0 or not (shutil.which("unshare") and shutil.which("bwrap")),
    reason="needs root, unshare and bubblewrap; an ordinary user's run of test_attacks.py shows the same",
)


def ordinary(place, *command):
    """Run Python with these arguments as an ordinary user, at home in `place`."""
    folders = map(str, (sys.prefix, sys.base_prefix, CHECKOUT))
    words = ["unshare", "--mount", sys.executable, str(HERE / "as_ordinary_user.py"), str(USER), *folders, "--"]
    environment = {"PATH": os.environ["PATH"], "HOME": str(place), "TMPDIR": str(place), "LANG": "C.UTF-8"}
    environment |= {"PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [*words, sys.executable, *command], cwd=CHECKOUT, env=environment, capture_output=True, text=True, timeout=1800
    )


@pytest.fixture
def place():
    """A folder of the ordinary user's own, with a short name: sockets lie in it."""
    import tempfile

    folder = Path(tempfile.mkdtemp(prefix="ordinary-", dir="/tmp"))
    os.chown(folder, USER, USER)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def test_every_attack_ends_in_its_outcome_for_an_ordinary_user_too(place):
    """The whole of test_attacks.py, honest learners among the hostile ones; nothing in it is skipped."""
    if CHECKOUT.is_relative_to("/tmp"):
        pytest.skip(f"{CHECKOUT} lies in /tmp, which the box hides from an ordinary user; try it in another folder")
    probe = ordinary(place, "-c", PROBE)
    if probe.returncode:
        pytest.skip(FORBIDDEN + probe.stderr.strip().splitlines()[-1])
    who, _, why = probe.stdout.strip().partition(" ")
    assert who == str(USER)
    if why:
        pytest.skip(FORBIDDEN + why)
    options = ("-q", "-n", "0", "-p", "no:cacheprovider", f"--basetemp={place / 'pytest'}", "-rs")
    done = ordinary(place, "-m", "pytest", *options, str(HERE / "test_attacks.py"))
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert "passed" in done.stdout and "skipped" not in done.stdout
