// What a parser of heads is asked. The sizes are counted by hand: "GET / HTTP/1.1" has 14
// characters, "POST / HTTP/1.1" 15, and each CR LF 2.
using Reactor.Learn;

public static class Scenarios
{
    private const string Post = "POST / HTTP/1.1\r\n";

    public static IEnumerable<Scenario> All =>
    [
        new("A head without a body", log =>
            log.Write(HeadParser.Parse("GET / HTTP/1.1\r\nHost: x\r\n\r\n")))
        {
            Right = ["done 27 none"],
        },
        new("A head is complete, although its body follows", log =>
            log.Write(HeadParser.Parse(Post + "Content-Length: 5\r\n\r\nhello")))
        {
            Right = ["done 38 length 5"],
        },
        new("A chunked body", log =>
            log.Write(HeadParser.Parse(Post + "Transfer-Encoding: chunked\r\n\r\n")))
        {
            Right = ["done 47 chunked"],
        },
        new("An LF alone ends no line", log =>
            log.Write(HeadParser.Parse("GET / HTTP/1.1\nHost: x\n\n")))
        {
            Right = ["rejected"],
            Wrong = { ["20.1"] = ["done 24 none"] },
        },
        new("Length and chunked together are rejected", log =>
            log.Write(HeadParser.Parse(
                Post + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n")))
        {
            Right = ["rejected"],
            Wrong = { ["20.2"] = ["done 66 length 5"], ["20.3"] = ["done 66 chunked"] },
        },
        new("The input may be cut between CR and LF", log =>
        {
            log.Write(HeadParser.Parse("GET / HTTP/1.1\r"));
            log.Write(HeadParser.Parse("GET / HTTP/1.1\r\n\r"));
            log.Write(HeadParser.Parse("GET / HTTP/1.1\r\n\r\n"));
        })
        {
            Right = ["need more", "need more", "done 18 none"],
            Wrong = { ["20.4"] = ["rejected", "rejected", "done 18 none"] },
        },
        new("A head without end is rejected at the limit", log =>
        {
            log.Write(HeadParser.Parse("GET /" + new string('a', 90)));
            log.Write(HeadParser.Parse("GET /" + new string('a', 200)));
        })
        {
            Right = ["need more", "rejected"],
            Wrong = { ["20.5"] = ["need more", "need more"] },
        },
        new("A complete head has the same limit", log =>
        {
            log.Write(HeadParser.Parse(HeadOf(100)));
            log.Write(HeadParser.Parse(HeadOf(101)));
        })
        {
            Right = ["done 100 none", "rejected"],
            Wrong =
            {
                ["20.5"] = ["done 100 none", "done 101 none"],
                ["20.8"] = ["done 100 none", "done 101 none"],
            },
        },
        new("A CR in the middle of a line is rejected", log =>
            log.Write(HeadParser.Parse("GET / HTTP/1.1\rHost: x\r\n\r\n")))
        {
            Right = ["rejected"],
            Wrong = { ["20.1"] = ["done 26 none"], ["20.9"] = ["done 26 none"] },
        },
        new("A length has digits only", log =>
            log.Write(HeadParser.Parse(Post + "Content-Length: +5\r\n\r\n")))
        {
            Right = ["rejected"],
            Wrong = { ["20.6"] = ["done 39 length 5"] },
        },
        new("Names of fields are case-insensitive", log =>
            log.Write(HeadParser.Parse(Post + "content-length: 5\r\n\r\nhello")))
        {
            Right = ["done 38 length 5"],
            Wrong = { ["20.7"] = ["done 38 none"] },
        },
        new("The outcome is the same wherever the input is cut", log =>
        {
            string input = Post + "Content-Length: 5\r\n\r\nhello";
            string outcome = "need more";
            int size = 0;
            while (outcome == "need more" && size < input.Length)
            {
                size = Math.Min(input.Length, size + log.Schedule.Next(1, 20));
                outcome = HeadParser.Parse(input[..size]);
            }
            log.Write(outcome);
        })
        {
            Schedules = true,
            Right = ["done 38 length 5"],
            Wrong = { ["20.4"] = ["rejected"] },
        },
    ];

    // The request line and its CR LF are 16 characters, "A: " 3, both ends of lines 4.
    private static string HeadOf(int size) =>
        "GET / HTTP/1.1\r\nA: " + new string('a', size - 23) + "\r\n\r\n";
}
