"""Runs a command on a pseudo-terminal: python3 on_terminal.py COLUMNS COMMAND...

What the command writes to the terminal goes to standard output as it is; the exit code is the command's.
"""

import fcntl
import os
import pty
import struct
import sys
import termios

columns, command = int(sys.argv[1]), sys.argv[2:]
pid, terminal = pty.fork()
if pid == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    os.environ["TERM"] = "xterm"
    os.execvp(command[0], command)
while True:
    try:
        written = os.read(terminal, 65536)
    except OSError:  # Linux says so when the last process has closed the terminal
        break
    if not written:
        break
    sys.stdout.buffer.write(written)
    sys.stdout.flush()
_, status = os.waitpid(pid, 0)
sys.exit(os.waitstatus_to_exitcode(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status))
