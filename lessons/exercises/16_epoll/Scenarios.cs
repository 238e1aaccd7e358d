// What the reader of an edge-triggered descriptor is asked, on a socket and a file made of numbers.
using Reactor.Learn;

public static class Scenarios
{
    public static IEnumerable<Scenario> All =>
    [
        new("An edge reports ten bytes: all of them are read", log =>
        {
            var socket = new Source { Available = 10 };
            new Loop(log, socket).Edge();
        })
        {
            Right = ["edge", "read 4", "read 4", "read 2"],
            Wrong =
            {
                ["16.1"] = ["edge", "read 4"],
                ["16.6"] = ["edge", "read 4", "read 4", "read 2", "end"],
            },
        },
        new("Bytes that arrive later come with the next edge", log =>
        {
            var socket = new Source { Available = 4 };
            var loop = new Loop(log, socket);
            loop.Edge();
            socket.Available = 4;
            loop.Edge();
        })
        {
            Right = ["edge", "read 4", "edge", "read 4"],
            Wrong = { ["16.6"] = ["edge", "read 4", "end", "edge", "read 4", "end"] },
        },
        new("Seven bytes and the end arrived before the edge", log =>
        {
            var socket = new Source { Available = 7, HasEnded = true };
            new Loop(log, socket).Edge();
        })
        {
            Right = ["edge", "read 4", "read 3", "end"],
            Wrong =
            {
                ["16.1"] = ["edge", "read 4"],
                ["16.2"] = ["edge", "read 4", "read 3"],
            },
        },
        new("After eight reads another callback runs, then the rest is read", log =>
        {
            var socket = new Source { Available = 40 };
            var loop = new Loop(log, socket);
            loop.CallSoon(() => log.Write("another callback"));
            loop.Edge();
        })
        {
            Right = ["edge", .. Reads(8), "another callback", .. Reads(2)],
            Wrong =
            {
                ["16.1"] = ["edge", .. Reads(1), "another callback"],
                ["16.3"] = ["edge", .. Reads(10), "another callback"],
                ["16.4"] = ["edge", .. Reads(8), "another callback"],
                ["16.6"] = ["edge", .. Reads(8), "another callback", .. Reads(2), "end"],
            },
        },
        new("A regular file is read without an edge", log =>
        {
            var file = new Source { Available = 6, HasEnded = true, IsFile = true };
            new Loop(log, file).RunReady();
            log.Write("the loop is idle");
        })
        {
            Right = ["read 4", "read 2", "end", "the loop is idle"],
            Wrong =
            {
                ["16.1"] = ["read 4", "the loop is idle"],
                ["16.2"] = ["read 4", "read 2", "the loop is idle"],
                ["16.5"] = ["the loop is idle"],
            },
        },
        new("Whatever the splits are: every byte is read, and the end once", log =>
        {
            var socket = new Source();
            int read = 0;
            int ends = 0;
            var loop = new Loop(Count, socket);
            int sent = 0;
            while (sent < 200)
            {
                int part = log.Schedule.Next(1, 60);
                sent += part;
                socket.Available += part;
                socket.HasEnded = sent >= 200 && log.Schedule.Next(2) == 0;
                loop.OnEdge();
            }
            if (!socket.HasEnded)
            {
                socket.HasEnded = true;
                loop.OnEdge();
            }
            log.Write($"complete: {read == sent && ends == 1}");

            void Count(string line)
            {
                ends += line == "end" ? 1 : 0;
                read += line.StartsWith("read ") ? int.Parse(line["read ".Length..]) : 0;
            }
        })
        {
            Schedules = true,
            Right = ["complete: True"],
            Wrong =
            {
                ["16.1"] = ["complete: False"],
                ["16.2"] = ["complete: False"],
                ["16.4"] = ["complete: False"],
                ["16.6"] = ["complete: False"],
            },
        },
    ];

    private static IEnumerable<string> Reads(int count) => Enumerable.Repeat("read 4", count);

    private sealed class Source : IDescriptor
    {
        public int Available { get; set; }

        public bool HasEnded { get; set; }

        public bool IsFile { get; init; }

        public int AddToEpoll() => IsFile ? EdgeReader.EPERM : 0;

        public int Read(int max)
        {
            if (Available == 0 && !HasEnded)
            {
                return EdgeReader.EAGAIN;
            }
            int count = Math.Min(max, Available);
            Available -= count;
            return count;
        }
    }

    /// Runs callbacks in the order in which they were queued; an edge is one of them.
    private sealed class Loop
    {
        private readonly Queue<Action> _ready = new();
        private readonly Action<string> _note;
        private readonly EdgeReader _reader;

        public Loop(Log log, Source source)
            : this(log.Write, source)
        {
        }

        public Loop(Action<string> note, Source source)
        {
            _note = note;
            _reader = new EdgeReader(source, CallSoon, note);
            _reader.Start();
        }

        public void CallSoon(Action callback) => _ready.Enqueue(callback);

        public void Edge()
        {
            _note("edge");
            OnEdge();
        }

        public void OnEdge()
        {
            _reader.OnEdge();
            RunReady();
        }

        public void RunReady()
        {
            while (_ready.TryDequeue(out Action? callback))
            {
                callback();
            }
        }
    }
}
