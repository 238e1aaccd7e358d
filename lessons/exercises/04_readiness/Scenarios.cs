// What a writer is asked. The kernel is a buffer with room for some characters; the loop polls the
// socket for writing while the writer is armed.
using Reactor.Learn;

public static class Scenarios
{
    private const string Spins = "poll returns at once, with nothing to do";

    public static IEnumerable<Scenario> All =>
    [
        new("An idle connection lets the poll wait", log =>
        {
            var loop = new Loop(log, room: 10);
            loop.Poll();
            loop.Poll();
        })
        {
            Right = ["poll waits", "poll waits"],
            Wrong = { ["04.1"] = [Spins, Spins] },
        },
        new("What fits is sent at once", log =>
        {
            var loop = new Loop(log, room: 10);
            loop.Writer.Write("hello");
            loop.Show();
        })
        {
            Right = ["kernel 'hello', not armed"],
            Wrong =
            {
                ["04.1"] = ["kernel 'hello', armed"],
                ["04.5"] = ["kernel '', armed"],
            },
        },
        new("The rest is sent when there is room, and then the poll waits", log =>
        {
            var loop = new Loop(log, room: 3);
            loop.Show();
            loop.Writer.Write("hello");
            loop.Show();
            loop.Room += 10;
            loop.Poll();
            loop.Show();
            loop.Poll();
        })
        {
            Right =
            [
                "kernel '', not armed", "kernel 'hel', armed", "poll returns: writable",
                "kernel 'hello', not armed", "poll waits",
            ],
            Wrong =
            {
                ["04.1"] =
                [
                    "kernel '', armed", "kernel 'hel', armed", "poll returns: writable",
                    "kernel 'hello', armed", Spins,
                ],
                ["04.2"] =
                [
                    "kernel '', not armed", "kernel 'hel', armed", "poll returns: writable",
                    "kernel 'hello', armed", Spins,
                ],
                ["04.3"] =
                [
                    "kernel '', not armed", "kernel 'hel', not armed", "poll waits",
                    "kernel 'hel', not armed", "poll waits",
                ],
                ["04.5"] =
                [
                    "kernel '', not armed", "kernel '', armed", "poll returns: writable",
                    "kernel 'hello', not armed", "poll waits",
                ],
            },
        },
        new("The rest may need several polls", log =>
        {
            var loop = new Loop(log, room: 0);
            loop.Show();
            loop.Writer.Write("abc");
            for (int i = 1; i <= 3; i++)
            {
                loop.Room = 1;
                loop.Poll();
            }
            loop.Show();
        })
        {
            Right =
            [
                "kernel '', not armed", "poll returns: writable", "poll returns: writable",
                "poll returns: writable", "kernel 'abc', not armed",
            ],
            Wrong =
            {
                ["04.1"] =
                [
                    "kernel '', armed", "poll returns: writable", "poll returns: writable",
                    "poll returns: writable", "kernel 'abc', armed",
                ],
                ["04.2"] =
                [
                    "kernel '', not armed", "poll returns: writable", "poll returns: writable",
                    "poll returns: writable", "kernel 'abc', armed",
                ],
                ["04.3"] =
                [
                    "kernel '', not armed", "poll waits", "poll waits", "poll waits",
                    "kernel '', not armed",
                ],
                ["04.6"] =
                [
                    "kernel '', not armed", "poll returns: writable", "poll waits", "poll waits",
                    "kernel 'a', not armed",
                ],
            },
        },
        new("What is written while a rest waits comes after the rest", log =>
        {
            var loop = new Loop(log, room: 3);
            loop.Show();
            loop.Writer.Write("hello");
            loop.Room += 10;
            loop.Writer.Write("!");
            loop.PollQuietly();
            loop.Show();
        })
        {
            Right = ["kernel '', not armed", "kernel 'hello!', not armed"],
            Wrong =
            {
                ["04.1"] = ["kernel '', armed", "kernel 'hello!', armed"],
                ["04.2"] = ["kernel '', not armed", "kernel 'hello!', armed"],
                ["04.3"] = ["kernel '', not armed", "kernel 'hel!', not armed"],
                ["04.4"] = ["kernel '', not armed", "kernel 'hel!lo', not armed"],
            },
        },
        new("Whatever the room, all is sent in order, and the interest ends", log =>
        {
            var loop = new Loop(log, room: log.Schedule.Next(4));
            loop.Writer.Write("the quick ");
            loop.Room += log.Schedule.Next(4);
            loop.Writer.Write("brown ");
            loop.Room += log.Schedule.Next(4);
            loop.Writer.Write("fox");
            for (int i = 0; i < 30; i++)
            {
                loop.Room += log.Schedule.Next(1, 4);
                loop.PollQuietly();
            }
            bool isRight = loop.Taken == "the quick brown fox" && !loop.Writer.IsWriteArmed;
            log.Write(isRight ? "all is sent, not armed" : "other text, or still armed");
        })
        {
            Schedules = true,
            Right = ["all is sent, not armed"],
            Wrong =
            {
                ["04.1"] = ["other text, or still armed"],
                ["04.2"] = ["other text, or still armed"],
                ["04.3"] = ["other text, or still armed"],
                ["04.4"] = ["other text, or still armed"],
                ["04.6"] = ["other text, or still armed"],
            },
        },
    ];

    private sealed class Loop
    {
        private readonly Log _log;

        public Loop(Log log, int room)
        {
            _log = log;
            Room = room;
            Writer = new Writer(Send);
        }

        public Writer Writer { get; }

        public int Room { get; set; }

        public string Taken { get; private set; } = "";

        public void Poll()
        {
            string before = Taken;
            bool isReady = PollQuietly();
            _log.Write(!isReady ? "poll waits"
                : Taken == before ? Spins : "poll returns: writable");
        }

        public bool PollQuietly()
        {
            bool isReady = Writer.IsWriteArmed && Room > 0;
            if (isReady)
            {
                Writer.OnWritable();
            }
            return isReady;
        }

        public void Show() =>
            _log.Write($"kernel '{Taken}', {(Writer.IsWriteArmed ? "armed" : "not armed")}");

        private int Send(string text)
        {
            int count = Math.Min(text.Length, Room);
            Taken += text[..count];
            Room -= count;
            return count;
        }
    }
}
