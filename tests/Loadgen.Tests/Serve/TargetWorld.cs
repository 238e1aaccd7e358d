using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Reactor;
using Reactor.Net;
using Reactor.Testing;
using Reactor.Tools.Loadgen;

namespace Loadgen.Tests.Serve;

/// <summary>
/// The server of <c>loadgen serve</c> on a simulated loop, where a turn takes no time: each
/// response has an exact instant.
/// </summary>
internal sealed class TargetWorld : IDisposable
{
    public const string Get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
    public const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    public const string OkAndClose =
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";

    public TargetWorld(ServePlan plan)
    {
        Target = new TargetServer(World.Loop, plan);
        Server = World.Loop.CreateServer(Target, [SimulatedLoop.AnyPort]);
    }

    public SimulatedLoop World { get; } = new();

    public TargetServer Target { get; }

    public LoopServer Server { get; }

    public static TimeSpan Ms(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    /// <summary>Runs clients at the same time to their ends.</summary>
    public void Run(params Func<Client, Coroutine>[] clients) => World.Run(async () =>
    {
        LoopTask[] tasks = [.. clients.Select(client => World.Loop.CreateTask(Open(client)))];
        await EventLoop.Wait(tasks);
        foreach (LoopTask task in tasks)
        {
            await task;
        }
    });

    public void Dispose()
    {
        Server.Close();
        Server.AbortClients();
        World.RunFor(TimeSpan.FromMinutes(1));
        World.Dispose();
    }

    private async Coroutine Open(Func<Client, Coroutine> client)
    {
        Connection connection = await Connection.OpenAsync(Server.EndPoints[0]);
        await client(new Client(connection));
        connection.Close();
    }

    /// <summary>A connection to the server.</summary>
    internal sealed class Client(Connection connection)
    {
        private readonly TimeSpan _begun = EventLoop.Current.Time;

        public CloseReason CloseReason => connection.CloseReason;

        /// <summary>The time since the connect.</summary>
        public TimeSpan Elapsed => EventLoop.Current.Time - _begun;

        public async Coroutine Send(string text)
        {
            connection.Output.Write(Encoding.Latin1.GetBytes(text));
            await connection.FlushAsync();
        }

        public void EndSending() => connection.ShutdownSend();

        /// <summary>Asserts that exactly this text arrives next, and when.</summary>
        public async Coroutine Expect(string text, double afterMs)
        {
            Assert.That(await Read(text.Length), Is.EqualTo(text));
            Assert.That(Elapsed, Is.EqualTo(Ms(afterMs)));
        }

        /// <summary>Asserts that the server closes without a further byte.</summary>
        public async Coroutine ExpectEnd() => Assert.That(await Read(1), Is.Empty);

        private async Coroutine<string> Read(int length)
        {
            while (true)
            {
                if (!connection.Input.TryRead(out ReadResult read))
                {
                    await connection.WaitReadableAsync();
                    continue;
                }

                ReadOnlySequence<byte> bytes = read.Buffer;
                if (bytes.Length >= length || read.IsCompleted)
                {
                    bytes = bytes.Slice(0, Math.Min(length, bytes.Length));
                    string text = Encoding.Latin1.GetString(bytes);
                    connection.Input.AdvanceTo(bytes.End);
                    return text;
                }

                connection.Input.AdvanceTo(bytes.Start, bytes.End);
            }
        }
    }
}
