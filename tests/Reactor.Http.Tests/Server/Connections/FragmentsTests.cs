using System.Globalization;
using Reactor.Simulation;
using Reactor.Testing;
using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// The network may cut a stream anywhere. Whatever it does, the same bytes get the same answers, in
/// the same order.
/// </summary>
public class FragmentsTests
{
    private const string Request =
        "PUT /echo/%41?q=1 HTTP/1.1\r\nHost: test\r\nX-One: a, b\r\nConnection: x-one\r\n"
        + "Content-Length: 0\r\n\r\n";

    private const string Answer = "PUT A q=1 a, b";

    [Test]
    public void A_head_that_is_split_anywhere_gets_the_same_answer()
    {
        using var server = new ServerFixture(AddRoutes);
        HttpPeer peer = server.Connect();
        for (int cut = 1; cut < Request.Length; cut++)
        {
            peer.Send(Request[..cut]);
            server.Settle();
            Assert.That(peer.Received, Is.Empty, "nothing before the head is whole");
            Assert.That(peer.Ask(Request[cut..]).Text, Is.EqualTo(Answer), $"cut at {cut}");
        }
    }

    [Test]
    public void A_head_that_comes_byte_by_byte_gets_the_same_answer()
    {
        using var server = new ServerFixture(AddRoutes);
        HttpPeer peer = server.Connect();

        Assert.That(peer.AskByteByByte(Request).Text, Is.EqualTo(Answer));
        Assert.That(peer.AskByteByByte(Request).Text, Is.EqualTo(Answer), "and once more");
    }

    [Test]
    public void A_head_across_the_seam_of_two_buffers_gets_the_same_answer()
    {
        // So many bytes before it that the seam at 16 KiB falls on every place of the last request.
        using var server = new ServerFixture(AddRoutes);
        HttpPeer peer = server.ConnectNow();
        for (int before = 16 * 1024; before > (16 * 1024) - Request.Length; before--)
        {
            int left = before;
            int count = 1;
            for (; left > 8000; left -= 4000, count++)
            {
                peer.Send(Padded(4000));
            }

            peer.Send(Padded(left) + Request);
            server.Settle();
            List<RawAnswer> answers = peer.Take();

            Assert.That(answers, Has.Count.EqualTo(count + 1));
            Assert.That(answers[^1].Text, Is.EqualTo(Answer), $"{before} bytes before it");
        }
    }

    [Test]
    public void A_random_mix_of_requests_gets_the_same_answers_however_it_is_cut()
    {
        Random random = TestSeed.NewRandom();
        using var server = new ServerFixture(AddRoutes, Patient);
        for (int round = 0; round < 200; round++)
        {
            List<(string Request, string Answer)> mix =
                [.. Enumerable.Range(0, random.Next(1, 20)).Select(_ => Make(random))];
            HttpPeer peer = server.Connect();
            string rest = string.Concat(mix.Select(one => one.Request));
            while (rest.Length > 0)
            {
                int cut = random.Next(3) == 0 ? random.Next(1, 4) : random.Next(1, 3000);
                cut = Math.Min(cut, rest.Length);
                peer.Send(rest[..cut]);
                rest = rest[cut..];
                if (random.Next(4) > 0)
                {
                    server.Settle();
                }
            }

            server.RunFor(100);
            Assert.That(
                peer.Take(Methods(mix)).Where(a => a.Status >= 200).Select(Describe),
                Is.EqualTo(mix.Select(one => one.Answer)),
                $"round {round}");
            Assert.That(peer.IsEnded, Is.False);
        }
    }

    [Test]
    public void A_rough_network_changes_no_answer()
    {
        Random random = TestSeed.NewRandom();
        using var server = new ServerFixture(AddRoutes, network: new InMemoryOptions
        {
            Faults = FaultPlan.Rough,
            Seed = random.Next(),
            WindowBytes = 3000,
        });
        var peers = new List<(HttpPeer Peer, List<(string Request, string Answer)> Mix)>();
        for (int i = 0; i < 50; i++)
        {
            HttpPeer peer = server.Connect();
            List<(string Request, string Answer)> mix =
                [.. Enumerable.Range(0, random.Next(1, 30)).Select(_ => Make(random))];
            mix.ForEach(one => peer.Send(one.Request));
            peers.Add((peer, mix));
        }

        server.RunFor(10_000);
        foreach ((HttpPeer peer, List<(string Request, string Answer)> mix) in peers)
        {
            Assert.That(
                peer.Take(Methods(mix)).Where(a => a.Status >= 200).Select(Describe),
                Is.EqualTo(mix.Select(one => one.Answer)));
        }
    }

    private static string[] Methods(IEnumerable<(string Request, string Answer)> mix) =>
        [.. mix.Select(one => one.Request.TrimStart('\r', '\n').Split(' ', 2)[0])];

    // A valid request, and what must be answered.
    private static (string Request, string Answer) Make(Random random)
    {
        int length = random.Next(4) == 0 ? 5000 : random.Next(20);
        string body = new((char)('a' + random.Next(26)), length);
        int number = random.Next(1000);
        string crlf = random.Next(8) == 0 ? "\r\n" : "";
        return random.Next(9) switch
        {
            0 => (Post("/body", body), $"200 {body}"),
            1 => (PostChunked("/body", [.. Chunks(body, random)]), $"200 {body}"),
            2 => (Post("/ignore", body), "200 ignored"),
            3 => ($"HEAD /n/{number} HTTP/1.1\r\nHost: test\r\n\r\n", "200 "),
            4 => (Get($"/none/{number}"), "404 404: Not Found"),
            5 => (Get($"/wait/{number}"), $"200 {number}"),
            6 => (Get($"/stream/{number}"), $"200 {string.Concat(Enumerable.Repeat(number, 5))}"),
            7 => ("POST /body HTTP/1.1\r\nHost: test\r\nExpect: 100-continue\r\n"
                + $"Content-Length: {body.Length + 1}\r\n\r\n{body}!", $"200 {body}!"),
            _ => (crlf + Get($"/n/{number}"), $"200 {number}"),
        };
    }

    private static IEnumerable<string> Chunks(string body, Random random)
    {
        while (body.Length > 0)
        {
            int size = random.Next(1, body.Length + 1);
            yield return body[..size];
            body = body[size..];
        }
    }

    private static string Describe(RawAnswer answer) => $"{answer.Status} {answer.Text}";

    // A whole request of so many bytes.
    private static string Padded(int bytes)
    {
        string head = "GET /n/1 HTTP/1.1\r\nHost: test\r\nX-Pad: ";
        return head + new string('p', bytes - head.Length - 4) + "\r\n\r\n";
    }

    private static void AddRoutes(Application app)
    {
        app.On("PUT", "/echo/{x}", request => Response.Text(
            $"{request.Method} {request.MatchInfo["x"]} {request.QueryString} "
            + request.GetHeader("X-One")));
        app.OnEcho("/body");
        app.On("POST", "/ignore", _ => Response.Text("ignored"));
        app.OnGet("/n/{i}", request => Response.Text(request.MatchInfo["i"]));
        app.Get("/wait/{i}", async request =>
        {
            string text = request.MatchInfo["i"];
            await EventLoop.Delay(TimeSpan.FromMilliseconds(
                int.Parse(text, CultureInfo.InvariantCulture)));
            return Response.Text(text);
        });
        app.Get("/stream/{i}", async request =>
        {
            byte[] text = System.Text.Encoding.ASCII.GetBytes(request.MatchInfo["i"]);
            var response = new StreamResponse();
            response.Prepare(request);
            for (int i = 0; i < 5; i++)
            {
                await response.WriteAsync(text);
                await EventLoop.Yield();
            }

            return response;
        });
    }
}
