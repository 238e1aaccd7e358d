using System.IO.Pipelines;
using System.Net;
using System.Text;
using Reactor.Net;
using Reactor.Simulation;

namespace Reactor.Http.Testing.Tests.Chaos;

/// <summary>
/// For each kind of fault an application or a client with a mistake that needs it: the search finds
/// it, shrinks it, and its line repeats it.
/// </summary>
public class PlantedFailureTests
{
    /// <summary>
    /// The rarest failure needs a reset within some 1,500 bytes of up to 65,536: one seed in 300
    /// has it, so that so many without it are as likely as a collision of two hashes.
    /// </summary>
    private const int SeedsMax = 20_000;

    private sealed class Planted(string message) : Exception(message);

    [Test]
    public void A_reset_in_the_middle_of_a_response_is_found()
    {
        Fault fault = FindOne(
            ChaosFaults.Resets,
            () => Wire.App("/", SendInTwoParts),
            async client =>
            {
                bool hasHead = false;
                try
                {
                    using ClientResponse response = await client.GetAsync("/");
                    hasHead = true;
                    await response.ReadAsync();
                }
                catch (ClientException) when (hasHead)
                {
                    throw new Planted("a head without its body");
                }
                catch (ClientException)
                {
                    // The mistake is about responses that have begun.
                }
            });

        Assert.That(fault.Kind, Is.EqualTo(FaultKind.Reset));
        // Behind the head, of which the first line alone has 17 bytes, and before the end.
        Assert.That(fault.Amount, Is.InRange(17, 2500));
    }

    [Test]
    public void A_split_head_is_found()
    {
        Fault fault = FindOne(
            ChaosFaults.Splits,
            () => Serve(_ => Response.Text("x")),
            async _ =>
            {
                Connection connection =
                    await Connection.OpenAsync(new IPEndPoint(IPAddress.Loopback, 80));
                try
                {
                    await connection.Output.WriteAsync(
                        "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"u8.ToArray());
                    ReadResult read = await connection.Input.ReadAsync();
                    string text = Encoding.Latin1.GetString(read.Buffer);
                    connection.Input.AdvanceTo(read.Buffer.End);
                    if (!text.Contains("\r\n\r\n", StringComparison.Ordinal))
                    {
                        throw new Planted("a head is more than one read");
                    }
                }
                finally
                {
                    await connection.CloseAsync();
                }
            });

        Assert.That(fault.Kind, Is.EqualTo(FaultKind.Split));
    }

    [Test]
    public void A_delayed_second_connection_is_found()
    {
        string order = "";
        Fault fault = FindOne(
            ChaosFaults.Delays,
            () =>
            {
                order = "";
                return Serve(request =>
                {
                    order += request.Path;
                    return Response.Text("x");
                });
            },
            async client =>
            {
                await EventLoop.WhenAll(Ask(client, "/1", 0), Ask(client, "/2", 1));
                if (order != "/1/2")
                {
                    throw new Planted($"order: {order}");
                }
            });

        // The first connect or its request must come after the second, which is a second later.
        Assert.That(fault.Kind, Is.EqualTo(FaultKind.Delay));
        Assert.That(fault.Amount, Is.GreaterThanOrEqualTo(TimeSpan.TicksPerSecond));
    }

    [Test]
    public void A_disconnect_during_a_handler_is_found()
    {
        bool isBusy = false;
        Fault fault = FindOne(
            ChaosFaults.Disconnects,
            () =>
            {
                isBusy = false;
                var app = new Application();
                app.Get(
                    "/",
                    async Coroutine<Response> (_) =>
                    {
                        isBusy = true;
                        await EventLoop.Delay(TimeSpan.FromMilliseconds(50));
                        isBusy = false; // the mistake: not in a finally block
                        return Response.Text("x");
                    },
                    new RouteOptions { CancelHandlerOnDisconnect = true });
                return app;
            },
            async client =>
            {
                await Ask(client, "/", 0);
                await EventLoop.Delay(TimeSpan.FromMinutes(1));
                if (isBusy)
                {
                    throw new Planted("busy for ever");
                }
            });

        Assert.That(fault.Kind, Is.EqualTo(FaultKind.Disconnect));
        Assert.That(fault.Amount, Is.LessThanOrEqualTo(50 * TimeSpan.TicksPerMillisecond));
    }

    [Test]
    public void Two_faults_that_are_needed_together_are_both_found()
    {
        var slow = new HashSet<string>();
        ChaosException found = Find(
            ChaosFaults.Delays,
            () =>
            {
                slow.Clear();
                return Serve(_ => Response.Text("x"));
            },
            async client =>
            {
                await EventLoop.WhenAll(Measure("/1"), Measure("/2"));
                if (slow.Count == 2)
                {
                    throw new Planted("both are slow");
                }

                async Coroutine Measure(string path)
                {
                    TimeSpan start = client.Server.Time;
                    await Ask(client, path, 0);
                    if (client.Server.Time - start >= TimeSpan.FromMilliseconds(70))
                    {
                        slow.Add(path);
                    }
                }
            });

        Assert.That(found.Faults, Has.Count.EqualTo(2));
        Assert.That(found.Faults.Select(one => one.Kind), Is.All.EqualTo(FaultKind.Delay));
        // 100 ms is the least amount of 1, 2, 5, 10 … that is enough.
        Assert.That(
            found.Faults.Select(one => one.Amount),
            Is.All.LessThanOrEqualTo(TimeSpan.FromMilliseconds(100).Ticks));
    }

    private static async Coroutine<Response> SendInTwoParts(Request request)
    {
        var response = new StreamResponse();
        response.Prepare(request);
        await response.WriteAsync(new byte[1000]);
        await EventLoop.Delay(TimeSpan.FromMilliseconds(10));
        await response.WriteAsync(new byte[1000]);
        return response;
    }

    private static Fault FindOne(
        ChaosFaults kinds, Func<Application> make, Func<TestClient, Coroutine> scenario)
    {
        ChaosException found = Find(kinds, make, scenario);
        Assert.That(found.Faults, Has.Count.EqualTo(1), found.Message);
        return found.Faults[0];
    }

    /// <summary>Finds the failure, and checks that its line repeats it.</summary>
    private static ChaosException Find(
        ChaosFaults kinds, Func<Application> make, Func<TestClient, Coroutine> scenario)
    {
        var options = new ChaosOptions { Kinds = kinds, SeedsMax = SeedsMax };
        ChaosException found = Assert.Throws<ChaosException>(
            () => ChaosSearch.Run(make, scenario, options))!;

        Assert.That(found.InnerException, Is.TypeOf<Planted>(), found.Message);
        Assert.That(found.IsDeterministic);
        Assert.That(found.Message, Does.Contain(found.InnerException!.Message));
        Assert.That(found.Message, Does.Contain($"ChaosSearch.Replay(\"{found.Recipe}\", "));
        Assert.That(
            () => ChaosSearch.Replay(found.Recipe, make, scenario, options),
            Throws.TypeOf<Planted>().With.Message.EqualTo(found.InnerException.Message));
        return found;
    }

    private static Application Serve(Func<Request, Response> answer)
    {
        var app = new Application();
        foreach (string path in (string[])["/", "/1", "/2"])
        {
            app.Get(path, request => answer(request));
        }

        return app;
    }

    private static async Coroutine Ask(TestClient client, string path, int second)
    {
        await EventLoop.Delay(TimeSpan.FromSeconds(second));
        try
        {
            using ClientResponse response = await client.GetAsync(path);
            await response.ReadAsync();
        }
        catch (ClientException)
        {
            // A fault of the network.
        }
    }
}
