"""What the scripts of this folder share: numbers on their command lines, a server on core 0,
clients on core 1, and the times in the reports of wrk and loadgen. Linux only."""
import argparse
import contextlib
import os
import re
import select
import shutil
import socket
import subprocess
import sys
import time

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
LOADGEN = os.path.join(ROOT, "artifacts/bin/loadgen/release/loadgen")
UNITS_MS = {"ns": 1e-6, "us": 1e-3, "ms": 1.0, "s": 1e3, "m": 60e3, "h": 3600e3}


def whole(least, most):
    """A parser for a whole number, whose error says what is valid."""
    def read(text):
        if re.fullmatch("[0-9]{1,9}", text) and least <= int(text) <= most:
            return int(text)
        raise argparse.ArgumentTypeError(
            f"must be a whole number from {least} to {most}, not '{text}'")
    return read


def find(tool):
    """The path of a program, or None."""
    return shutil.which(tool, path=os.environ["PATH"] + ":/usr/sbin:/sbin")


def on_core(core):
    """For preexec_fn: binds the child to a core. With one core there is nothing to choose."""
    return lambda: os.sched_setaffinity(0, {core} & os.sched_getaffinity(0) or {0})


def milliseconds(text):
    """The value of a time such as 412.10us or >2.00s; None for a value that is not known."""
    match = re.fullmatch(r">?([\d.]+)(ns|us|ms|s|m|h)", text)
    return float(match[1]) * UNITS_MS[match[2]] if match else None


def row(report, name):
    """The words of the first line of a report that begins with a name, or None."""
    for line in report.splitlines():
        words = line.split()
        if words and words[0] == name:
            return words[1:]
    return None


@contextlib.contextmanager
def served(command, port_pattern=r":(\d+)\s*$", port=None):
    """Runs a server on core 0: a process and its port, which its first line tells if it is not
    given."""
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, preexec_fn=on_core(0))
    try:
        if port is None:
            if not select.select([process.stdout], [], [], 10)[0]:
                sys.exit(f"{command[0]} did not start.")
            line = process.stdout.readline()
            match = re.search(port_pattern, line)
            if match is None:
                sys.exit(f"{command[0]} did not start: {line}")
            port = int(match[1])
        else:
            wait_for(port)
        yield process, port
    finally:
        process.kill()
        process.wait()


def wait_for(port):
    """Waits until a server listens."""
    end = time.monotonic() + 10
    while time.monotonic() < end:
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port)).close()
            return
        time.sleep(0.02)
    sys.exit(f"No server listens on port {port}.")


def cpu_seconds(pid):
    """The CPU time of a process until now, user and system."""
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def run(command):
    """Runs a client on core 1: its output, its CPU time and its duration, in seconds."""
    begun = time.monotonic()
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        preexec_fn=on_core(1))
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return output, usage.ru_utime + usage.ru_stime, time.monotonic() - begun


def require(*programs):
    """Ends the script unless each program is there; a pair is a program and its package."""
    for program, remedy in programs:
        if find(program) is None and not os.access(program, os.X_OK):
            print(f"{os.path.relpath(sys.argv[0])}: there is no {program}; {remedy}.",
                  file=sys.stderr)
            sys.exit(2)
