#!/usr/bin/env python3
"""Sets OneFunnel up once, then hands every verb over to `python -m onefunnel`.

    python kit.py demo                          the whole loop on the sample company
    python kit.py test                          the tests
    python kit.py --env-dir D:/kits/env demo    keep the environment somewhere else
    python kit.py --wheelhouse wheels demo      set up from a folder of wheels, without a network

Standard library only. This file must be *readable* by any old Python (no f-strings, no annotations), so that
such a Python can be turned away in one clear line instead of a syntax error.
"""

from __future__ import print_function

import hashlib
import os
import shutil
import subprocess
import sys

OLDEST = (3, 11)
ROOT = os.path.dirname(os.path.abspath(__file__))
LOCK = os.path.join(ROOT, "requirements.lock")
TEST_LOCK = os.path.join(ROOT, "tests", "requirements.lock")
OURS = ".onefunnel-environment"  # marks a folder as ours to replace, from its first second on
STAMP = "onefunnel.stamp"  # written last: what a complete environment was made from


class SetupError(Exception):
    """The environment cannot be made; the message says why and what to do."""


def main(argv):
    """Set up if needed, run the verb, return its exit code."""
    if sys.version_info < OLDEST:
        print(
            "kit.py: this is Python %d.%d; OneFunnel needs Python %d.%d or newer. Run it with a newer one, "
            "for example: python%d.%d kit.py demo" % (sys.version_info[:2] + OLDEST + OLDEST),
            file=sys.stderr,
        )
        return 1
    try:
        options, rest = parse_own_options(argv)
        if runs_without_environment(rest):
            return run_from_source(rest, options)
        locks = [LOCK] + ([TEST_LOCK] if rest[:1] == ["test"] else [])
        python = ensure_environment(options["env_dir"], options["wheelhouse"], locks)
    except SetupError as error:
        print("kit.py: %s" % error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("kit.py: stopped by you during the set-up. The next run starts it afresh.", file=sys.stderr)
        return 130
    return hand_over(python, rest)


def parse_own_options(argv):
    """Split kit.py's own options, which stand before the verb, from all the rest."""
    options = {"env_dir": os.environ.get("ONEFUNNEL_ENV_DIR") or default_env_dir(), "wheelhouse": None}
    rest = list(argv)
    while rest and rest[0].startswith("--"):
        name, has_value, value = rest[0].partition("=")
        key = name[2:].replace("-", "_")
        if key not in options:
            break
        rest.pop(0)
        if not has_value:
            if not rest:
                raise SetupError("%s needs a folder after it, for example: %s D:/onefunnel" % (name, name))
            value = rest.pop(0)
        options[key] = os.path.abspath(value)
    if options["wheelhouse"] and not os.path.isdir(options["wheelhouse"]):
        raise SetupError(
            "--wheelhouse %s is not a folder. Name the folder that holds the wheels." % options["wheelhouse"]
        )
    return options, rest


def default_env_dir():
    """Beside the code; on Windows under the local application data, which never roams and is no network drive."""
    local = os.environ.get("LOCALAPPDATA")
    if os.name == "nt" and local:
        return os.path.join(local, "onefunnel", "env-" + hashlib.sha256(ROOT.lower().encode()).hexdigest()[:8])
    return os.path.join(ROOT, ".venv")


def runs_without_environment(rest):
    """True for what needs no packages: help, a mistyped verb (no set-up before the error), and `doctor`."""
    sys.path.insert(0, os.path.join(ROOT, "src"))
    from onefunnel.cli import VERBS  # standard library only, like everything it imports

    return not rest or rest[0] == "doctor" or rest[0] not in VERBS


def run_from_source(rest, options):
    """Run the command with this very Python, straight from src/."""
    from onefunnel.cli import main as run

    # `doctor` looks at the environment that this call would use.
    os.environ["ONEFUNNEL_ENV_DIR"] = options["env_dir"]
    if options["wheelhouse"]:
        os.environ["ONEFUNNEL_WHEELHOUSE"] = options["wheelhouse"]
    return run(rest)


def ensure_environment(env_dir, wheelhouse, locks):
    """Make the environment unless it is complete and up to date; return its Python."""
    python = env_python(env_dir)
    if up_to_date(env_dir, locks):
        return python
    refuse_foreign_folder(env_dir)
    os.makedirs(env_dir, exist_ok=True)
    with only_one_at_a_time(env_dir):
        if not up_to_date(env_dir, locks):  # another call may have made it while we waited
            make_environment(env_dir, wheelhouse, locks)
    return python


def up_to_date(env_dir, locks):
    """True if a complete environment was made from these lock files, this Python and this checkout."""
    try:
        with open(os.path.join(env_dir, STAMP), encoding="utf-8") as stamp:
            made_from = set(stamp.read().splitlines())
    except (OSError, ValueError):
        return False
    return made_from >= set(fingerprints(locks)) and os.path.exists(env_python(env_dir))


def fingerprints(locks):
    """One line for everything that an environment depends on."""
    lines = ["python %d.%d" % sys.version_info[:2], "checkout " + ROOT]
    for path in locks:
        with open(path, "rb") as lock:
            content = lock.read().replace(b"\r\n", b"\n")  # git may check out with Windows line ends
        lines.append("%s %s" % (os.path.relpath(path, ROOT).replace(os.sep, "/"), hashlib.sha256(content).hexdigest()))
    return lines


def refuse_foreign_folder(env_dir):
    """Never delete what is not ours."""
    if os.path.isfile(env_dir):
        raise SetupError("%s is a file. Choose a folder with --env-dir." % env_dir)
    if os.path.isdir(env_dir) and os.listdir(env_dir) and not os.path.exists(os.path.join(env_dir, OURS)):
        raise SetupError(
            "%s holds files that OneFunnel did not make. Choose another folder with --env-dir, or move them away."
            % env_dir
        )


class only_one_at_a_time(object):
    """Hold the system's lock on the environment; it falls away by itself if the process dies."""

    def __init__(self, env_dir):
        self.path = os.path.join(env_dir, OURS)

    def __enter__(self):
        self.file = open(self.path, "a")
        if os.name == "nt":
            import msvcrt

            self.file.seek(0)
            while True:
                try:
                    msvcrt.locking(self.file.fileno(), msvcrt.LK_LOCK, 1)
                    return
                except OSError:
                    say("another set-up of the same environment is running; waiting for it")
        import fcntl

        fcntl.flock(self.file, fcntl.LOCK_EX)

    def __exit__(self, *_):
        self.file.close()


def make_environment(env_dir, wheelhouse, locks):
    """Make it from nothing: what an interrupted or older set-up left is removed first."""
    say("setting up the environment in %s (once; a minute or two)" % env_dir)
    for name in os.listdir(env_dir):
        if name == OURS:
            continue
        path = os.path.join(env_dir, name)
        if os.path.isdir(path) and not os.path.islink(path):
            shutil.rmtree(path)
        else:
            os.remove(path)
    uv = shutil.which("uv")
    if uv:
        # --allow-existing: the folder already holds our mark and our lock.
        run([uv, "venv", "--quiet", "--allow-existing", "--python", sys.executable, env_dir])
        install = [uv, "pip", "install", "--quiet", "--python", env_python(env_dir)]
    else:
        make_venv(env_dir)
        install = [env_python(env_dir), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
        install += certificate_options(env_dir)
    source = ["--no-index", "--find-links", wheelhouse] if wheelhouse else []
    for lock in locks:
        say("installing %s%s" % (os.path.relpath(lock, ROOT), " with uv" if uv else ""))
        run(install + source + ["--require-hashes", "--only-binary=:all:", "-r", lock])
    # In place and without a network: its build tools came with the lock.
    run(install + ["--no-index", "--no-deps", "--no-build-isolation", "-e", ROOT])
    temporary = os.path.join(env_dir, STAMP + ".new")
    with open(temporary, "w", encoding="utf-8") as stamp:
        stamp.write("\n".join(fingerprints(locks)) + "\n")
    os.replace(temporary, os.path.join(env_dir, STAMP))


def make_venv(env_dir):
    """A virtual environment by the standard library, with its own pip."""
    import venv

    try:
        venv.EnvBuilder(with_pip=True).create(env_dir)
    except subprocess.CalledProcessError:
        raise SetupError(
            "this Python cannot make virtual environments with pip. On Debian or Ubuntu install python3-venv, "
            "or put uv on PATH; then run the same command again."
        )


def certificate_options(env_dir):
    """Make an older pip trust the system's certificates, as companies that inspect traffic need.

    pip 24.2 and newer does so by itself; before, the system's certificates are handed over as a file.
    """
    import ensurepip
    import ssl

    version = tuple(int(part) for part in ensurepip.version().split(".")[:2])
    if version >= (24, 2) or "PIP_CERT" in os.environ:
        return []
    certificates = ssl.create_default_context().get_ca_certs(binary_form=True)
    if not certificates:
        return []
    path = os.path.join(env_dir, "system-certificates.pem")
    with open(path, "w", encoding="ascii") as pem:
        pem.writelines(ssl.DER_cert_to_PEM_cert(certificate) for certificate in certificates)
    return ["--cert", path]


def env_python(env_dir):
    """The environment's interpreter."""
    return os.path.join(env_dir, "Scripts", "python.exe") if os.name == "nt" else os.path.join(env_dir, "bin", "python")


def run(command):
    """Run one step of the set-up; a failure shows what the tool said, and what to do."""
    environment = dict(os.environ, UV_NATIVE_TLS="1", UV_SYSTEM_CERTS="1", PYTHONUTF8="1")
    for name in ("PYTHONPATH", "VIRTUAL_ENV"):  # somebody else's environment must not leak into ours
        environment.pop(name, None)
    try:
        done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    except OSError as error:
        raise SetupError("cannot start %s: %s. `python kit.py doctor` looks for the cause." % (command[0], error))
    if done.returncode:
        said = done.stdout.decode("utf-8", "replace").strip()
        raise SetupError(
            "the set-up failed. The installer said:\n%s\n"
            "`python kit.py doctor` looks for the cause; then run the same command again." % said
        )


def hand_over(python, rest):
    """Run the verb inside the environment and return its exit code."""
    command = [python, "-m", "onefunnel"] + rest
    process = subprocess.Popen(command, env=dict(os.environ, PYTHONUTF8="1"))
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            pass  # the verb got the same Ctrl-C and ends in its own way


def say(text):
    print("kit.py: " + text, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
