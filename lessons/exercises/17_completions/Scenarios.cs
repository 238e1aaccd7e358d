// What an echo on completions is asked: which side owns the buffer, and each way of completing.
using System.Diagnostics;
using System.Text;
using Reactor.Learn;

public static class Scenarios
{
    public static IEnumerable<Scenario> All =>
    [
        new("The buffer is the send's until the send completes", log =>
        {
            var peer = new Peer(log.Write);
            peer.Start();
            peer.Writes("abc");
            peer.AnotherConnectionWrites('x');
            peer.CompleteSend();
            log.Write(peer.Describe());
        })
        {
            Right = ["sent abc", "the next receive is pending"],
            Wrong = { ["17.1"] = ["sent xxx", "the next receive is pending"] },
        },
        new("A client that writes on while it is answered", log =>
        {
            var peer = new Peer(log.Write);
            peer.Start();
            peer.Writes("abc");
            peer.Writes("def");
            peer.CompleteSend();
            peer.CompleteSend();
        })
        {
            Right = ["sent abc", "sent def"],
            Wrong =
            {
                ["17.2"] = ["sent def", "sent def"],
                ["17.4"] = ["sent abc", "no send is pending"],
            },
        },
        new("A send that takes two of six bytes", log =>
        {
            var peer = new Peer(log.Write);
            peer.Start();
            peer.Writes("abcdef");
            peer.CompleteSend(most: 2);
            peer.CompleteSend();
        })
        {
            Right = ["sent ab", "sent cdef"],
            Wrong = { ["17.3"] = ["sent ab", "no send is pending"] },
        },
        new("A receive and two sends that complete at once", log =>
        {
            var peer = new Peer(log.Write) { SendsAtOnce = true };
            peer.Writes("abc");
            peer.Start();
            peer.Writes("def");
            log.Write(peer.Describe());
        })
        {
            Right = ["sent abc", "sent def", "the next receive is pending"],
            Wrong = { ["17.4"] = ["nothing is pending"] },
        },
        new("The end of the peer gives the buffer back", log =>
        {
            var peer = new Peer(log.Write) { SendsAtOnce = true };
            peer.Start();
            peer.Ends();
            log.Write($"buffers of the connection: {peer.Rented}");
        })
        {
            Right = ["buffers of the connection: 0"],
            Wrong = { ["17.5"] = ["buffers of the connection: 1"] },
        },
        new("A hundred messages that complete at once keep the stack flat", log =>
        {
            var depths = new List<int>();
            var peer = new Peer(_ => depths.Add(new StackTrace().FrameCount))
            {
                SendsAtOnce = true,
            };
            for (int i = 0; i < 100; i++)
            {
                peer.Writes("abc");
            }
            peer.Start();
            log.Write($"sends: {depths.Count}");
            log.Write($"deeper from send to send: {depths.Count > 0 && depths[0] < depths[^1]}");
        })
        {
            Right = ["sends: 100", "deeper from send to send: False"],
            Wrong =
            {
                ["17.4"] = ["sends: 0", "deeper from send to send: False"],
                ["17.6"] = ["sends: 100", "deeper from send to send: True"],
            },
        },
        new("Whatever completes at once or in parts: bytes and buffer come back", AnySchedule)
        {
            Schedules = true,
            Right = ["complete: True"],
            Wrong =
            {
                ["17.3"] = ["complete: False"],
                ["17.4"] = ["complete: False"],
                ["17.5"] = ["complete: False"],
            },
        },
    ];

    private static void AnySchedule(Log log)
    {
        var echoed = new StringBuilder();
        var peer = new Peer(line => echoed.Append(line["sent ".Length..]));
        string all = "";
        bool isEarly = log.Schedule.Next(2) == 0;
        for (int message = 0; message < 8; message++)
        {
            string text = "abcdefgh"[message..];
            all += text;
            peer.SendsAtOnce = log.Schedule.Next(2) == 0;
            if (message > 0 || isEarly)
            {
                peer.Writes(text);
            }
            if (message == 0)
            {
                peer.Start();
            }
            if (message == 0 && !isEarly)
            {
                peer.Writes(text);
            }
            while (peer.IsSending)
            {
                peer.CompleteSend(most: log.Schedule.Next(1, text.Length + 1));
            }
        }
        peer.Ends();
        log.Write($"complete: {echoed.ToString() == all && peer.Rented == 0}");
    }

    /// The other end of the connection, the kernel between, and the pool.
    private sealed class Peer(Action<string> note) : ISocket, IPool
    {
        private readonly Stack<byte[]> _free = new();
        private readonly Queue<string> _arrived = new();
        private readonly Queue<(byte[] Buffer, int Offset, int Count, Action Done)> _sends = new();
        private (byte[] Buffer, Action Done)? _receive;

        public int Transferred { get; private set; }

        public int Rented { get; private set; }

        public bool SendsAtOnce { get; set; }

        public bool IsSending => _sends.Count > 0;

        public string Describe() =>
            _receive is null ? "nothing is pending" : "the next receive is pending";

        public void Start() => new Echo(this, this).Start();

        public byte[] Rent()
        {
            Rented++;
            return _free.TryPop(out byte[]? buffer) ? buffer : new byte[16];
        }

        public void Return(byte[] buffer)
        {
            Rented--;
            _free.Push(buffer);
        }

        public bool Receive(byte[] buffer, Action done)
        {
            if (_arrived.TryDequeue(out string? text))
            {
                Transferred = Encoding.ASCII.GetBytes(text, buffer);
                return false;
            }
            _receive = (buffer, done);
            return true;
        }

        public bool Send(byte[] buffer, int offset, int count, Action done)
        {
            if (SendsAtOnce)
            {
                Take(buffer, offset, count);
                return false;
            }
            _sends.Enqueue((buffer, offset, count, done));
            return true;
        }

        public void Writes(string text)
        {
            if (_receive is not { } receive)
            {
                _arrived.Enqueue(text);
                return;
            }
            _receive = null;
            Transferred = Encoding.ASCII.GetBytes(text, receive.Buffer);
            receive.Done();
        }

        public void Ends() => Writes("");

        public void AnotherConnectionWrites(char text)
        {
            byte[] buffer = Rent();
            buffer.AsSpan().Fill((byte)text);
        }

        // The kernel reads the buffer now, not when the send was started.
        public void CompleteSend(int most = int.MaxValue)
        {
            if (!_sends.TryDequeue(out var send))
            {
                note("no send is pending");
                return;
            }
            Take(send.Buffer, send.Offset, Math.Min(send.Count, most));
            send.Done();
        }

        private void Take(byte[] buffer, int offset, int count)
        {
            note($"sent {Encoding.ASCII.GetString(buffer, offset, count)}");
            Transferred = count;
        }
    }
}
