// What a reader of a non-blocking socket is asked. The socket is a script: what each call returns.
using System.Net.Sockets;
using System.Text;
using Reactor.Learn;

public static class Scenarios
{
    private const string WouldBlock = "(would block)";
    private const string End = "(end)";
    private const string Reset = "(reset)";
    private const string TimedOut = "(timed out)";

    public static IEnumerable<Scenario> All =>
    [
        new("A silent client stays open", log => Read(log, WouldBlock))
        {
            Right = ["nothing", "Open"],
            Wrong =
            {
                ["03.2"] = ["nothing", "Ended"],
                ["03.5"] = ["asks again after WouldBlock"],
            },
        },
        new("Two parts that have arrived are read in one go", log =>
            Read(log, "he", "llo", WouldBlock))
        {
            Right = ["hello", "Open"],
            Wrong =
            {
                ["03.2"] = ["hello", "Ended"],
                ["03.5"] = ["asks again after WouldBlock"],
                ["03.6"] = ["he", "Open"],
            },
        },
        new("The end is told with the data before it", log => Read(log, "bye", End))
        {
            Right = ["bye", "Ended"],
            Wrong =
            {
                ["03.1"] = ["bye", "Open"],
                ["03.6"] = ["bye", "Open"],
            },
        },
        new("An end without data is an end", log => Read(log, End))
        {
            Right = ["nothing", "Ended"],
            Wrong = { ["03.1"] = ["nothing", "Open"] },
        },
        new("A reset breaks the connection", log => Read(log, Reset))
        {
            Right = ["nothing", "Broken"],
            Wrong =
            {
                ["03.3"] = ["nothing", "Open"],
                ["03.4"] = ["nothing", "Ended"],
            },
        },
        new("A connection that timed out is broken, too", log => Read(log, "he", TimedOut))
        {
            Right = ["he", "Broken"],
            Wrong =
            {
                ["03.3"] = ["he", "Open"],
                ["03.4"] = ["he", "Ended"],
                ["03.6"] = ["he", "Open"],
            },
        },
        new("The parts of a text do not matter", log =>
        {
            const string text = "the quick brown fox";
            var script = new List<string>();
            for (int at = 0; at < text.Length;)
            {
                int end = Math.Min(text.Length, at + log.Schedule.Next(1, 16));
                script.Add(text[at..end]);
                at = end;
            }
            (string read, Outcome outcome) = Run([.. script, End]);
            log.Write(read == text ? "the whole text" : "a part of the text");
            log.Write($"{outcome}");
        })
        {
            Schedules = true,
            Right = ["the whole text", "Ended"],
            Wrong =
            {
                ["03.1"] = ["the whole text", "Open"],
                ["03.6"] = ["a part of the text", "Open"],
            },
        },
    ];

    private static void Read(Log log, params string[] script)
    {
        try
        {
            (string read, Outcome outcome) = Run(script);
            log.Write(read.Length == 0 ? "nothing" : read);
            log.Write($"{outcome}");
        }
        catch (ScriptEndException)
        {
            log.Write($"asks again after {(script[^1] == WouldBlock ? "WouldBlock" : script[^1])}");
        }
    }

    private static (string Read, Outcome Outcome) Run(string[] script)
    {
        var steps = new List<string>(script);
        var received = new List<byte>();
        Outcome outcome = Reader.Read(Next, received);
        return (Encoding.UTF8.GetString([.. received]), outcome);

        int Next(byte[] buffer, out SocketError error)
        {
            string step = steps.Count > 0 ? steps[0] : throw new ScriptEndException();
            steps.RemoveAt(0);
            error = step switch
            {
                WouldBlock => SocketError.WouldBlock,
                Reset => SocketError.ConnectionReset,
                TimedOut => SocketError.TimedOut,
                _ => SocketError.Success,
            };
            if (error != SocketError.Success || step == End)
            {
                return 0;
            }
            int count = Math.Min(step.Length, buffer.Length);
            if (count < step.Length)
            {
                steps.Insert(0, step[count..]);
            }
            return Encoding.UTF8.GetBytes(step.AsSpan(0, count), buffer);
        }
    }

    private sealed class ScriptEndException : Exception;
}
