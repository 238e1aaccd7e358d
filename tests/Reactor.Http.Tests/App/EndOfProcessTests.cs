using Reactor.Simulation;
using Reactor.Testing;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// A process whose handlers, tasks and hooks do not end when they are asked to: it ends all the
/// same, within the 30 seconds after which a container platform kills it.
/// </summary>
public class EndOfProcessTests
{
    [Test]
    public void With_everything_stubborn_the_end_takes_less_than_30_seconds()
    {
        using var log = new ListLoggerFactory();
        var driver = new InMemoryDriver();
        TimeSpan stoppedAt = default;
        TimeSpan cancelledAt = default;
        ServerGroup? group = null;
        group = new ServerGroup(
            1,
            () =>
            {
                var app = new Application();
                app.OnStartup.Add(_ => Start());
                app.OnCleanup.Add(async _ => await Endure());
                app.Get("/", async _ =>
                {
                    try
                    {
                        await EventLoop.Delay(TimeSpan.FromHours(1));
                    }
                    catch (LoopCanceledException)
                    {
                        cancelledAt = driver.Now;
                    }

                    await Endure();
                    return Response.Text("never");
                });
                return app;
            },
            new HttpServerOptions { Log = new() { LoggerFactory = log } })
        {
            LoopOptions = _ => new EventLoopOptions { Driver = driver, LoggerFactory = log },
            OnServing = servers =>
            {
                InMemoryPeer peer = driver.ConnectPeer(servers[0].EndPoints[0]);
                peer.Send("GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8);
                EventLoop.Current.CallLater(TimeSpan.FromSeconds(1), () =>
                {
                    stoppedAt = driver.Now;
                    group!.Stop();
                });
            },
        };
        group.Run("127.0.0.1", 0);

        Assert.That(cancelledAt - stoppedAt, Is.EqualTo(TimeSpan.FromSeconds(25)));
        Assert.That(driver.Now - stoppedAt, Is.EqualTo(TimeSpan.FromSeconds(29)));

        static async Coroutine Start()
        {
            _ = EventLoop.Spawn(Endure());
            await EventLoop.Yield();
        }
    }

    private static async Coroutine Endure()
    {
        while (true)
        {
            try
            {
                await EventLoop.Delay(TimeSpan.FromHours(1));
            }
            catch (LoopCanceledException)
            {
                // That is what makes it stubborn.
            }
        }
    }
}
