using System.Buffers;
using System.Diagnostics;
using System.IO.Pipelines;
using System.Net;
using System.Text;
using Reactor.Net;
using Reactor.Testing;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// The promise of a reactor, on real sockets: a thousand clients that wait at the same time cost
/// one thread, and no longer than one of them.
/// </summary>
[NonParallelizable]
[Category("Measured")]
public class OneThreadTests
{
    private const int Clients = 1000;

    // Another process may hold the processors in some rounds; it will not in all of them.
    private const int RoundsMax = 10;

    // The handler's half second, and what a thousand answers may take.
    private static readonly TimeSpan s_all = TimeSpan.FromSeconds(0.8);

    [TestCaseSource(typeof(RealDrivers), nameof(RealDrivers.Names))]
    public void A_thousand_requests_that_wait_half_a_second_are_answered_by_one_thread_in_0_8_s(
        string driver)
    {
        var threads = new HashSet<int>();
        using var server = new RealServer(driver, app => app.Get("/hello/{name}", async request =>
        {
            threads.Add(Environment.CurrentManagedThreadId);
            await EventLoop.Delay(TimeSpan.FromSeconds(0.5));
            threads.Add(Environment.CurrentManagedThreadId);
            return Response.Text($"hello, {request.MatchInfo["name"]}!");
        }));
        AskAll(server.EndPoint, 50); // compiles what the rounds run
        TimeSpan best = TimeSpan.MaxValue;
        for (int round = 0; round < RoundsMax && best >= s_all; round++)
        {
            TimeSpan time = AskAll(server.EndPoint, Clients);
            TestContext.Out.WriteLine($"{Clients} answers after {time.TotalMilliseconds:F0} ms");
            best = time < best ? time : best;
        }

        server.WaitUntilQuiet();
        Assert.That(best, Is.LessThan(s_all));
        Assert.That(best, Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(0.5)));
        Assert.That(threads, Is.EqualTo(new[] { server.ThreadId }), "handlers");
        Assert.That(
            server.Recorder.Threads, Is.EqualTo(new[] { server.ThreadId }), "receives and sends");
    }

    // From the first request to the last answer; the clients are another loop, on this thread.
    private static TimeSpan AskAll(EndPoint server, int clients) => EventLoop.Run(async () =>
    {
        LoopTask<Connection>[] opening = [.. Enumerable.Range(0, clients)
            .Select(_ => EventLoop.Spawn(Connection.OpenAsync(server)))];
        await EventLoop.Wait(opening);
        long start = Stopwatch.GetTimestamp();
        LoopTask<string>[] asking =
            [.. opening.Select((task, i) => EventLoop.Spawn(Ask(task.Result, $"/hello/{i}")))];
        await EventLoop.Wait(asking);
        TimeSpan time = Stopwatch.GetElapsedTime(start);
        for (int i = 0; i < clients; i++)
        {
            Assert.That(asking[i].Result, Does.EndWith($"\r\n\r\nhello, {i}!"));
            opening[i].Result.Close();
        }

        return time;
    });

    private static async Coroutine<string> Ask(Connection connection, string path)
    {
        connection.Output.Write(Encoding.ASCII.GetBytes(ServerFixture.Get(path)));
        await connection.FlushAsync();
        while (true)
        {
            if (!connection.Input.TryRead(out ReadResult read))
            {
                await connection.WaitReadableAsync();
                continue;
            }

            string text = Encoding.ASCII.GetString(read.Buffer);
            if (read.IsCompleted || text.EndsWith('!'))
            {
                connection.Input.AdvanceTo(read.Buffer.End);
                return text;
            }

            connection.Input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}
