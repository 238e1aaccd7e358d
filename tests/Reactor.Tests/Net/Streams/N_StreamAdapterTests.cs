using System.Text;
using Reactor.Net;
using Reactor.Simulation;
using Reactor.Tests.Net;

namespace Reactor.Tests.Semantics;

/// <summary>
/// A connection as a framework stream: code that knows nothing of loops stays on the loop thread,
/// and may also come from another one.
/// </summary>
public sealed class N_StreamAdapterTests
{
    [Test]
    public void N17_a_reader_and_a_writer_of_the_framework_talk_over_a_connection()
    {
        using var served = new ServedLoop(async connection =>
        {
            using var reader = new StreamReader(connection.AsStream());
            await using var writer = new StreamWriter(connection.AsStream());
            while (await reader.ReadLineAsync() is { } line)
            {
                await writer.WriteAsync($"<{line}>");
            }
        });
        InMemoryPeer peer = served.Connect();
        foreach (string part in new[] { "on", "e\ntw", "o\n", "three" })
        {
            peer.Send(Encoding.UTF8.GetBytes(part));
            served.World.Settle();
        }

        peer.SendEnd();
        served.World.Settle();
        Assert.That(StreamCuts.Text(peer.Received), Is.EqualTo("<one><two><three>"));
        Assert.That(peer.IsEnded);
    }

    [Test]
    public void N17_code_that_asks_for_no_context_stays_on_the_loop_thread()
    {
        var threads = new HashSet<int>();
        SynchronizationContext? inCallback = null;
        using var served = new ServedLoop(async connection =>
        {
            await CopyBack(connection.AsStream(leaveOpen: true), threads);
            EventLoop.Current.CallSoon(() => inCallback = SynchronizationContext.Current);
            await connection.ReadToEndAsync();
        });
        InMemoryPeer peer = served.Connect();
        for (int i = 0; i < 5; i++)
        {
            peer.Send("word"u8);
            served.World.Settle();
        }

        peer.SendEnd();
        served.World.Settle();
        Assert.That(peer.Received.Length, Is.EqualTo(20));
        Assert.That(threads, Is.EqualTo([Environment.CurrentManagedThreadId]));
        Assert.That(inCallback, Is.Not.Null, "the loop has its own context again");
    }

    [Test]
    public void N17_a_stream_can_be_used_from_another_thread()
    {
        byte[] data = new byte[100_000];
        new Random(5).NextBytes(data);
        using var served = new ServedLoop(async connection =>
        {
            Stream stream = connection.AsStream();
            await EventLoop.Current.RunInExecutor(() =>
            {
                byte[] read = new byte[data.Length];
                stream.ReadExactlyAsync(read).AsTask().GetAwaiter().GetResult();
                stream.Write(read, 0, 10);
                stream.WriteAsync(read.AsMemory(10)).AsTask().GetAwaiter().GetResult();
                stream.Dispose();
            });
            await connection.WaitClosedAsync();
        });
        InMemoryPeer peer = served.World.Driver.ConnectPeer(served.Server.EndPoints[0]);
        peer.Send(data);
        served.World.Settle();
        served.World.RunFor(TimeSpan.FromSeconds(1));

        Assert.That(peer.Received.Span.SequenceEqual(data));
        Assert.That(peer.IsEnded);
    }

    [Test]
    public void N17_the_token_of_a_stream_read_cancels_it_and_no_byte_is_lost()
    {
        using var source = new CancellationTokenSource();
        string? told = null;
        using var served = new ServedLoop(async connection =>
        {
            Stream stream = connection.AsStream();
            byte[] buffer = new byte[10];
            try
            {
                Assert.That(await stream.ReadAsync(buffer, source.Token), Is.Zero, "not reached");
            }
            catch (OperationCanceledException error)
            {
                told = error.CancellationToken == source.Token ? "cancelled, " : "otherwise, ";
            }

            told += StreamCuts.Text(buffer.AsMemory(0, await stream.ReadAsync(buffer)));
        });
        InMemoryPeer peer = served.Connect();
        source.Cancel();
        served.World.Settle();
        peer.Send("read"u8);
        served.World.Settle();

        Assert.That(told, Is.EqualTo("cancelled, read"));
    }

    [Test]
    public void N17_a_synchronous_read_is_refused_because_it_would_block_the_loop()
    {
        using var served = new ServedLoop(connection =>
        {
            Stream stream = connection.AsStream();
            Assert.That(() => stream.ReadByte(), Throws.InstanceOf<NotSupportedException>());
            Assert.That(() => stream.Length, Throws.InstanceOf<NotSupportedException>());
            Assert.That((stream.CanRead, stream.CanWrite, stream.CanSeek), Is.EqualTo(
                (true, true, false)));
            return ServedLoop.Echo(connection);
        });
        served.Connect();

        Assert.That(served.Reports, Is.Empty);
    }

    private static async Task CopyBack(Stream stream, HashSet<int> threads)
    {
        byte[] buffer = new byte[16];
        int count;
        while ((count = await stream.ReadAsync(buffer).ConfigureAwait(false)) > 0)
        {
            threads.Add(Environment.CurrentManagedThreadId);
            await stream.WriteAsync(buffer.AsMemory(0, count)).ConfigureAwait(false);
            threads.Add(Environment.CurrentManagedThreadId);
        }
    }
}
