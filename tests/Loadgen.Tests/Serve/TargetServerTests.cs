using Reactor;
using Reactor.Net;
using Reactor.Tools.Loadgen;
using static Loadgen.Tests.Serve.TargetWorld;

namespace Loadgen.Tests.Serve;

/// <summary>What the test server answers, and at which instant.</summary>
public sealed class TargetServerTests
{
    [Test]
    public void A_constant_delay_is_exact_for_each_connection()
    {
        using var world = new TargetWorld(new() { Delay = ServiceDelay.Constant(Ms(5)) });
        static async Coroutine Client(Client client)
        {
            for (int i = 1; i <= 3; i++)
            {
                await client.Send(Get);
                await client.Expect(Ok, 5 * i);
            }
        }

        world.Run(Client, Client);

        Assert.That(world.Target.Requests, Is.EqualTo(6));
        Assert.That(world.Target.Connections, Is.EqualTo(2));
        Assert.That(world.Target.Rejected, Is.Zero);
    }

    [Test]
    public void A_limit_serves_requests_of_all_connections_in_order_an_interval_apart()
    {
        using var world = new TargetWorld(new() { Limit = 100 });

        world.Run([.. Enumerable.Range(0, 4).Select(number => new Func<Client, Coroutine>(
            async client =>
            {
                await client.Send(Get);
                await client.Expect(Ok, 10 * number);
                await client.Send(Get);
                await client.Expect(Ok, 10 * (number + 4));
            }))]);
    }

    [Test]
    public void The_work_on_a_request_begins_with_its_token()
    {
        using var world = new TargetWorld(
            new() { Limit = 100, Delay = ServiceDelay.Constant(Ms(25)) });

        world.Run([.. Enumerable.Range(0, 3).Select(number => new Func<Client, Coroutine>(
            async client =>
            {
                await client.Send(Get);
                await client.Expect(Ok, (10 * number) + 25);
            }))]);
    }

    [TestCase(0)]
    [TestCase(7)]
    public void Pipelined_requests_are_served_one_after_another(int delayMs)
    {
        using var world = new TargetWorld(new() { Delay = ServiceDelay.Constant(Ms(delayMs)) });

        world.Run(async client =>
        {
            await client.Send(Get + Get + Get);
            for (int i = 1; i <= 3; i++)
            {
                await client.Expect(Ok, i * delayMs);
            }
        });
    }

    [TestCase(Get, Ok)]
    [TestCase("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello", Ok)]
    [TestCase("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
        + "5;a=b\r\nhello\r\n0\r\nT: v\r\n\r\n", Ok)]
    [TestCase("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n")]
    public void A_request_may_come_whole_or_in_any_pieces(string request, string response)
    {
        using var world = new TargetWorld(new());

        world.Run(async client =>
        {
            for (int cut = 0; cut < request.Length; cut++)
            {
                await client.Send(request[..cut]);
                await EventLoop.Delay(Ms(1));
                await client.Send(request[cut..]);
                await client.Expect(response, cut + 1);
            }
        });
        world.Run(async client =>
        {
            foreach (char octet in request)
            {
                await client.Send(octet.ToString());
                await EventLoop.Delay(Ms(1));
            }

            await client.Expect(response, request.Length);
        });
    }

    [Test]
    public void A_client_that_expects_100_gets_it_before_its_body()
    {
        using var world = new TargetWorld(new());

        world.Run(async client =>
        {
            await client.Send(
                "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n");
            await client.Expect("HTTP/1.1 100 Continue\r\n\r\n", 0);
            await client.Send("x");
            await client.Expect(Ok, 0);
        });
    }

    [TestCase("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")]
    [TestCase("GET / HTTP/1.0\r\n\r\n")]
    [TestCase("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")]
    public void A_connection_that_cannot_go_on_is_closed(string request)
    {
        using var world = new TargetWorld(new());

        world.Run(async client =>
        {
            await client.Send(request);
            await client.Expect(OkAndClose, 0);
            await client.ExpectEnd();
        });
    }

    [TestCase("GET / HTTP/1.1\r\n\r\n")]
    [TestCase("GET  / HTTP/1.1\r\nHost: x\r\n\r\n")]
    [TestCase("GET / HTTP/1.1\nHost: x\n\n")]
    [TestCase("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n1")]
    [TestCase("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nz\r\n")]
    public void A_bad_request_gets_400_after_the_responses_before_it(string request)
    {
        using var world = new TargetWorld(new());

        world.Run(async client =>
        {
            await client.Send(Get + request);
            await client.Expect(Ok, 0);
            await client.Expect(
                "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", 0);
            await client.ExpectEnd();
        });

        Assert.That(world.Target.Requests, Is.EqualTo(1));
        Assert.That(world.Target.Rejected, Is.EqualTo(1));
    }

    [Test]
    public void A_client_that_has_ended_its_stream_gets_its_responses()
    {
        using var world = new TargetWorld(new() { Delay = ServiceDelay.Constant(Ms(3)) });

        world.Run(async client =>
        {
            await client.Send(Get + Get);
            client.EndSending();
            await client.Expect(Ok + Ok, 6);
            await client.ExpectEnd();
        });
    }

    [Test]
    public void Stamps_are_the_instants_of_arrival_and_not_of_service()
    {
        using var world = new TargetWorld(new()
        {
            Stamps = true,
            Limit = 10,
            Delay = ServiceDelay.Constant(Ms(50)),
        });
        static Func<Client, Coroutine> At(double milliseconds) => async client =>
        {
            await EventLoop.Delay(Ms(milliseconds));
            await client.Send(Get);
        };

        world.Run(At(0), At(2), At(3.5));
        world.World.RunFor(TimeSpan.FromSeconds(1));

        TimeSpan[] instants = world.Target.Stamps!.ToArray();
        Assert.That(
            instants.Select(instant => instant - instants[0]),
            Is.EqualTo([Ms(0), Ms(2), Ms(3.5)]));
    }

    [Test]
    public void A_stop_ends_idle_connections_at_once_and_answers_requests_in_progress()
    {
        using var world = new TargetWorld(new() { Delay = ServiceDelay.Constant(Ms(100)) });

        world.Run(
            async idle =>
            {
                await idle.ExpectEnd();
                Assert.That(idle.Elapsed, Is.EqualTo(Ms(30)));
            },
            async busy =>
            {
                await busy.Send(Get);
                await busy.Expect(OkAndClose, 100);
                await busy.ExpectEnd();
            },
            async half =>
            {
                await half.Send(Get[..10]);
                await EventLoop.Delay(Ms(60));
                await half.Send(Get[10..]);
                await half.Expect(OkAndClose, 160);
            },
            async _ =>
            {
                await EventLoop.Delay(Ms(30));
                world.Server.Close();
                await world.Target.StopAsync(world.Server);
            });
    }

    [TestCase(-1, true)]
    [TestCase(1, false)]
    public void A_stop_waits_for_a_request_until_its_limit(int ticks, bool isAnswered)
    {
        var limit = Ms(700);
        using var world = new TargetWorld(new()
        {
            StopTimeout = limit,
            // The stop begins after 5 ticks.
            Delay = ServiceDelay.Constant(limit + TimeSpan.FromTicks(5 + ticks)),
        });

        world.Run(
            async busy =>
            {
                await busy.Send(Get);
                if (isAnswered)
                {
                    await busy.Expect(OkAndClose, 700 + ((5 + ticks) / 1e4));
                }

                await busy.ExpectEnd();
                Assert.That(
                    busy.CloseReason,
                    Is.EqualTo(isAnswered ? CloseReason.PeerClosed : CloseReason.PeerReset));
            },
            async _ =>
            {
                await EventLoop.Delay(TimeSpan.FromTicks(5));
                world.Server.Close();
                await world.Target.StopAsync(world.Server);
                Assert.That(world.Server.Connections, Is.Empty);
            });
    }
}
