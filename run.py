"""Set everything up and run it: ``python3 run.py report``, ``python3 run.py test`` or ``python3 run.py docs``.

Makes ``.venv`` beside this file, installs what is missing and starts the program from there; the system's Python is
left alone. Anything else after ``run.py`` goes to the program, such as ``python3 run.py claims C19``.
"""

import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
ENVIRONMENT = ROOT / ".venv"
SCRIPTS = ENVIRONMENT / ("Scripts" if os.name == "nt" else "bin")
OLDEST = (3, 11)
INPUTS = ("pyproject.toml", "constraints.txt")
#: What is no command of the program: the extra it needs, and the module that does it.
TOOLS = {
    "test": ("[test]", ["pytest", "-n", "auto"]),
    "docs": (
        "[docs]",
        ["sphinx", "-W", "--keep-going", "-j", "auto", "-b", "html", "-c", "docs", ".", "docs/_build/html"],
    ),
}


def install(extra: str) -> None:
    """Install the program with the pinned versions, unless that was done since the project file last changed."""
    stamp = ENVIRONMENT / f"installed{extra}.stamp"
    newest = max((ROOT / name).stat().st_mtime for name in INPUTS)
    if stamp.exists() and stamp.stat().st_mtime >= newest:
        return
    print("Setting up (a minute or two, once) ...", flush=True)
    if not (ENVIRONMENT / "pyvenv.cfg").exists():
        venv.create(ENVIRONMENT, with_pip=True)
    pip = [str(SCRIPTS / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "-c", "constraints.txt", "-e", f".{extra}"], cwd=ROOT, check=True)
    stamp.touch()


def main(arguments: list[str]) -> int:
    """Install and run; return the exit code of what was run."""
    if sys.version_info < OLDEST:
        print(f"Python {'.'.join(map(str, OLDEST))} or newer is needed; this is {sys.version.split()[0]}.")
        return 2
    extra, command = TOOLS.get(arguments[0], ("", [])) if arguments else ("", [])
    try:
        install(extra)
    except subprocess.CalledProcessError as error:
        print(f"Installing failed (pip ended with {error.returncode}); its message stands above.")
        return 2
    python, program = str(SCRIPTS / "python"), str(SCRIPTS / "hipevidence")
    whole = [python, "-m", *command, *arguments[1:]] if command else [program, *arguments]
    return subprocess.run(whole, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
