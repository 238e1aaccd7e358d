using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Reactor.Drivers;
using Reactor.Net;
using Reactor.Recording;
using Reactor.Testing;

namespace Reactor.Http.Tests.Recording;

/// <summary>
/// Runs of the server on the kernel's drivers, with clients that reset, half-close, stop in the
/// middle and send nonsense, and with executors, timers and signals: each is replayed without a
/// client, in every turn, call and sent byte.
/// </summary>
public sealed class RealReplayTests
{
    private static readonly TimeSpan s_hung = TimeSpan.FromSeconds(30);

    /// <summary>Each limit of the server is reached in some runs, and not in others.</summary>
    private static readonly TimeSpan s_short = TimeSpan.FromMilliseconds(40);

    [TestCaseSource(typeof(RealDrivers), nameof(RealDrivers.Names))]
    public void Real_runs_with_unusual_clients_are_replayed_exactly(string driver) =>
        ReplayAll(driver, 10);

    [TestCaseSource(typeof(RealDrivers), nameof(RealDrivers.Names))]
    [Category("Slow")]
    public void A_hundred_real_runs_of_a_driver_are_replayed_exactly(string driver) =>
        ReplayAll(driver, 100);

    private static void ReplayAll(string driver, int count)
    {
        int first = TestSeed.Next();
        for (int i = 0; i < count; i++)
        {
            int seed = unchecked(first + i) & int.MaxValue;
            string path = Path.Combine(
                TestContext.CurrentContext.WorkDirectory, $"{Guid.NewGuid():N}.reactor");
            try
            {
                ReplayOne(driver, path, seed);
            }
            catch (Exception error)
            {
                TestContext.Out.WriteLine($"REACTOR_TEST_SEED={seed} {error}");
                throw;
            }
            finally
            {
                File.Delete(path);
            }
        }
    }

    private static void ReplayOne(string driver, string path, int seed)
    {
        var recorded = new Run();
        Thread? clients = null;
        var recording = new LoopRecording(
            LoopDrivers.Create(driver), new LoopRecordingOptions { Path = path });
        recorded.Start(recording, endPoint =>
        {
            clients = new Thread(() => UnusualClients.Run((IPEndPoint)endPoint, seed));
            clients.Start();
        });
        Assert.That(clients!.Join(s_hung), "the clients have ended");
        Assert.That(recording.EndReason, Is.Null);

        var replayed = new Run();
        using LoopReplay replay = LoopReplay.Open(path);
        replay.Run(again => replayed.Start(again, static _ => { }));
        Assert.Multiple(() =>
        {
            Assert.That(replay.HasEnded, "every entry was matched");
            Assert.That(replayed.Lines, Is.EqualTo(recorded.Lines));
            Assert.That(replayed.Turns, Is.EqualTo(recorded.Turns));
        });
    }

    /// <summary>One run of the server, until a client asks it to stop.</summary>
    private sealed class Run
    {
        public List<string> Lines { get; } = [];

        public long Turns { get; private set; }

        public void Start(LoopDriver driver, Action<EndPoint> onListening)
        {
            using var loop = new EventLoop(new EventLoopOptions { Driver = driver })
            {
                ExceptionHandler = (_, error) => Lines.Add(error.Message),
            };
            loop.RunUntilComplete(Serve(loop, onListening));
            Turns = loop.TurnCount;
        }

        private async Coroutine Serve(EventLoop loop, Action<EndPoint> onListening)
        {
            Future<Unit> stopped = loop.CreateFuture<Unit>();
            HttpServer http = Make(loop, (Promise<Unit>)stopped).MakeHandler(
                new HttpServerOptions
                {
                    Times = new()
                    {
                        FirstByteTimeout = s_short,
                        HeaderTimeout = s_short,
                        KeepAliveTimeout = s_short,
                        BodyStallTimeout = s_short,
                        LingerTimeout = s_short,
                        LingerIdleTimeout = s_short / 2,
                    },
                });
            await http.StartupAsync();
            LoopServer server = await loop.CreateServer(http, "127.0.0.1", port: 0);
            if (OperatingSystem.IsLinux())
            {
                loop.AddSignalHandler(
                    PosixSignal.SIGCONT, () => Lines.Add($"{loop.TurnCount} signal"));
            }

            onListening(server.EndPoints[0]);
            await stopped;
            await http.ShutdownAsync(server);
            if (OperatingSystem.IsLinux())
            {
                loop.RemoveSignalHandler(PosixSignal.SIGCONT);
            }
        }

        private Application Make(EventLoop loop, Promise<Unit> stopped)
        {
            var app = new Application();
            app.Get("/hello", _ => Response.Text($"hello in turn {loop.TurnCount}"));
            app.Get("/random", _ => Response.Text($"{loop.Driver.Random.Next()}"));
            app.Get("/delay", async _ =>
            {
                await EventLoop.Delay(TimeSpan.FromMilliseconds(loop.Driver.Random.Next(5)));
                return Response.Text($"{loop.Time}");
            });
            app.Get("/executor", async _ =>
            {
                int sum = await loop.RunInExecutor(() => Enumerable.Range(0, 1000).Sum());
                Lines.Add($"{loop.TurnCount} {sum}");
                return Response.Text($"{sum}");
            });
            app.Get("/large", _ => Response.Bytes(new byte[3_000_000], "text/plain"));
            app.Post("/echo", async Coroutine<Response> (request) =>
                Response.Bytes(await request.ReadAsync(), "text/plain"));
            app.Get("/stop", _ =>
            {
                stopped.TrySetResult(default);
                return Response.Text("bye");
            });
            return app;
        }
    }

    /// <summary>
    /// Clients on plain sockets of one thread, which do what no good client does.
    /// </summary>
    private static class UnusualClients
    {
        public static void Run(IPEndPoint server, int seed)
        {
            var dice = new Random(seed);
            for (int i = dice.Next(5, 15); i > 0; i--)
            {
                using Socket client = Connect(server);
                try
                {
                    Act(client, dice);
                }
                catch (SocketException)
                {
                    // The server has closed an unusual connection.
                }
            }

            using Socket last = Connect(server);
            Ask(last, "GET /stop HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            ReadAll(last);
        }

        private static void Act(Socket client, Random dice)
        {
            switch (dice.Next(11))
            {
                case 0: // nonsense
                    byte[] noise = new byte[dice.Next(1, 500)];
                    dice.NextBytes(noise);
                    client.Send(noise);
                    client.Shutdown(SocketShutdown.Send);
                    ReadAll(client);
                    break;
                case 1: // a reset after a request
                    Ask(client, "GET /delay HTTP/1.1\r\nHost: a\r\n\r\n");
                    client.LingerState = new LingerOption(true, 0);
                    break;
                case 2: // half-closed before the response
                    Ask(client, "GET /delay HTTP/1.1\r\nHost: a\r\n\r\n");
                    client.Shutdown(SocketShutdown.Send);
                    ReadAll(client);
                    break;
                case 3: // a body that stops in the middle
                    Ask(client, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nabc");
                    break;
                case 4: // byte by byte
                    foreach (byte one in "GET /random HTTP/1.0\r\n\r\n"u8.ToArray())
                    {
                        client.Send([one]);
                        Thread.SpinWait(dice.Next(5000));
                    }

                    ReadAll(client);
                    break;
                case 5: // pipelined
                    Ask(client, string.Concat(Enumerable.Repeat(
                        "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n", dice.Next(2, 30)))
                        + "GET /executor HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
                    ReadAll(client);
                    break;
                case 6: // a response that is not read
                    Ask(client, "GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
                    client.Receive(new byte[1000]);
                    break;
                case 7: // a response that is read slowly
                    Ask(client, "GET /large HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
                    ReadAll(client);
                    break;
                case 8:
                    Kill();
                    Ask(client, "GET /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
                    ReadAll(client);
                    break;
                case 9: // idle until the server closes
                    ReadAll(client);
                    break;
                default:
                    Ask(client, "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n"
                        + "Connection: close\r\n\r\n5\r\nhello\r\n0\r\n\r\n");
                    ReadAll(client);
                    break;
            }
        }

        private static Socket Connect(IPEndPoint server)
        {
            var client = new Socket(SocketType.Stream, ProtocolType.Tcp)
            {
                ReceiveTimeout = (int)s_hung.TotalMilliseconds,
            };
            client.Connect(server);
            return client;
        }

        private static void Ask(Socket client, string request) =>
            client.Send(Encoding.ASCII.GetBytes(request));

        private static void ReadAll(Socket client)
        {
            byte[] buffer = new byte[64 * 1024];
            while (client.Receive(buffer) > 0)
            {
            }
        }

        // SIGCONT, which does nothing without a handler.
        private static void Kill()
        {
            if (OperatingSystem.IsLinux())
            {
                Assert.That(NativeKill(Environment.ProcessId, 18), Is.Zero);
            }
        }

        [DllImport("libc", EntryPoint = "kill")]
        private static extern int NativeKill(int process, int signal);
    }
}
