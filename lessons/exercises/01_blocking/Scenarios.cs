// What a splitter of lines is asked: the same bytes in different parts give the same lines.
using System.Text;
using Reactor.Learn;

public static class Scenarios
{
    public static IEnumerable<Scenario> All =>
    [
        new("A line may arrive in three parts", log => Feed(log, "he", "ll", "o\r\n"))
        {
            Right = ["receive 1", "receive 2", "receive 3", "line hello"],
            Wrong =
            {
                ["01.1"] =
                    ["receive 1", "line he", "receive 2", "line ll", "receive 3", "line o"],
            },
        },
        new("One receive may bring two lines", log => Feed(log, "one\r\ntwo\r\n"))
        {
            Right = ["receive 1", "line one", "line two"],
            Wrong =
            {
                ["01.1"] = ["receive 1", "line one<CR><LF>two"],
                ["01.4"] = ["receive 1", "line one"],
            },
        },
        new("CR may end one part, and LF begin the next", log => Feed(log, "one\r", "\ntwo\r\n"))
        {
            Right = ["receive 1", "receive 2", "line one", "line two"],
            Wrong =
            {
                ["01.1"] = ["receive 1", "line one", "receive 2", "line <LF>two"],
                ["01.2"] = ["receive 1", "receive 2", "line one<CR><LF>two"],
                ["01.4"] = ["receive 1", "receive 2", "line one"],
            },
        },
        new("The bytes of a character may arrive in two parts", log =>
        {
            byte[] bytes = Encoding.UTF8.GetBytes("café\r\n"); // é has two bytes, 3 and 4
            var splitter = new LineSplitter();
            Write(log, splitter.Feed(bytes[..4]));
            Write(log, splitter.Feed(bytes[4..]));
        })
        {
            Right = ["line café"],
            Wrong =
            {
                ["01.1"] = ["line caf\uFFFD", "line \uFFFD"],
                ["01.3"] = ["line caf\uFFFD\uFFFD"],
            },
        },
        new("A CR alone belongs to the line", log => Feed(log, "a\rb\r\n"))
        {
            Right = ["receive 1", "line a<CR>b"],
        },
        new("An empty line is a line", log => Feed(log, "one\r\n", "\r\n"))
        {
            Right = ["receive 1", "line one", "receive 2", "line "],
        },
        new("The lines do not depend on the parts", log =>
        {
            byte[] bytes = Encoding.UTF8.GetBytes("one\r\ntwo é\r\n\r\nfour\r\n");
            var splitter = new LineSplitter();
            var lines = new List<string>();
            for (int at = 0; at < bytes.Length;)
            {
                int end = log.Schedule.Next(at, bytes.Length) + 1;
                lines.AddRange(splitter.Feed(bytes[at..end]));
                at = end;
            }
            bool same = lines.SequenceEqual(["one", "two é", "", "four"]);
            log.Write(same ? "the four lines" : "other lines");
        })
        {
            Schedules = true,
            Right = ["the four lines"],
            Wrong =
            {
                ["01.1"] = ["other lines"],
                ["01.2"] = ["other lines"],
                ["01.3"] = ["other lines"],
                ["01.4"] = ["other lines"],
            },
        },
    ];

    private static void Feed(Log log, params string[] parts)
    {
        var splitter = new LineSplitter();
        for (int i = 0; i < parts.Length; i++)
        {
            log.Write($"receive {i + 1}");
            Write(log, splitter.Feed(Encoding.UTF8.GetBytes(parts[i])));
        }
    }

    private static void Write(Log log, List<string> lines)
    {
        foreach (string line in lines)
        {
            log.Write($"line {line.Replace("\r", "<CR>").Replace("\n", "<LF>")}");
        }
    }
}
