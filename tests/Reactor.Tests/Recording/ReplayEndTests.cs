using System.Net;
using System.Net.Sockets;
using Reactor.Drivers;
using Reactor.Net;
using Reactor.Recording;
using Reactor.Simulation;

namespace Reactor.Tests.Recording;

/// <summary>
/// The end of a replay: it has matched only if the program made, ran and closed its loop, and it
/// tells whether the file was the whole run.
/// </summary>
public sealed class ReplayEndTests
{
    [Test]
    public void A_program_that_makes_no_loop_differs()
    {
        using var program = Timers();
        program.Record(new InMemoryDriver());
        using LoopReplay replay = program.Open();
        LoopReplayException difference =
            Assert.Throws<LoopReplayException>(() => replay.Run(_ => { }))!;
        Assert.Multiple(() =>
        {
            Assert.That(difference.Requested, Is.EqualTo("the end of the program"));
            Assert.That(difference.Work, Does.StartWith("no loop"));
            Assert.That(difference.Entry, Is.EqualTo(1));
            Assert.That(replay.HasEnded, Is.False);
        });
    }

    [Test]
    public void A_program_that_does_not_close_its_loop_differs()
    {
        using var program = Timers();
        program.Record(new InMemoryDriver());
        using LoopReplay replay = program.Open();
        EventLoop? loop = null;
        LoopReplayException difference = Assert.Throws<LoopReplayException>(
            () => replay.Run(driver => loop = program.RunOpen(driver)))!;
        loop!.Dispose();
        Assert.That(difference.Requested, Is.EqualTo("the end of the program"));
        Assert.That(difference.Recorded, Is.EqualTo("the close of the loop"));
    }

    [Test]
    public void A_whole_file_has_no_shortfall()
    {
        using var program = Timers();
        program.Record(new InMemoryDriver());
        Assert.That(ShortfallOf(program), Is.Null);
    }

    [Test]
    public void A_file_without_its_last_block_says_so()
    {
        using var program = Timers();
        program.Record(new InMemoryDriver());
        byte[] bytes = File.ReadAllBytes(program.Path);
        File.WriteAllBytes(program.Path, bytes[..^EndBlock.FileBytes]);
        Assert.That(ShortfallOf(program), Does.StartWith("The file has no end"));
    }

    [Test]
    public void A_damaged_file_says_from_which_byte_on()
    {
        using var program = Timers();
        program.Record(new InMemoryDriver());
        byte[] bytes = File.ReadAllBytes(program.Path);
        int header = RecordingHeader.PrefixBytes;
        int entries = header + LogBlock.FrameBytes + BitConverter.ToInt32(bytes, header + 1);
        bytes[entries + LogBlock.HeadBytes + 3] ^= 1;
        File.WriteAllBytes(program.Path, bytes);
        Assert.That(ShortfallOf(program), Does.Contain($"from byte {entries} on"));
    }

    [Test]
    public void A_file_that_ended_at_its_bound_says_so()
    {
        using var whole = Timers();
        whole.Record(new InMemoryDriver());
        using var program = Timers(bytesMax: new FileInfo(whole.Path).Length - 1);
        program.Record(new InMemoryDriver());
        Assert.That(ShortfallOf(program), Does.StartWith("The recording ended before its loop"));
    }

    [Test]
    public void A_block_that_cannot_be_decoded_is_no_error_of_the_program()
    {
        using var program = Timers();
        program.Record(new InMemoryDriver());
        byte[] bytes = File.ReadAllBytes(program.Path);
        LogBlock unknown = TraceFile.Block(BlockType.Entries, [63]);
        int header = RecordingHeader.PrefixBytes;
        int place = header + LogBlock.FrameBytes + BitConverter.ToInt32(bytes, header + 1);
        LogBlock clock = TraceFile.Block(BlockType.Entries, [EntryBuffer.SmallClock]);
        byte[] damaged = [.. bytes[..place], .. clock.Seal(), .. unknown.Seal()];
        File.WriteAllBytes(program.Path, damaged);
        using LoopReplay replay = program.Open();
        Assert.That(
            () => replay.Run(driver => _ = driver.Now),
            Throws.TypeOf<RecordingException>().With.Message.Contains("unknown kind"));
        Assert.That(replay.Shortfall, Does.Contain($"from byte {place + clock.FileBytes} on"));
    }

    [Test]
    public void Objects_answer_by_themselves_after_the_close_of_the_loop()
    {
        LoopServer? server = null;
        DriverListener? listener = null;
        DriverSocket? socket = null;
        using var program = new RecordedProgram(async (loop, _) =>
        {
            server = await loop.StartServer(
                async connection => await connection.ReadLineAsync(), "127.0.0.1", port: 0);
            listener = loop.Driver.Listen(
                new IPEndPoint(IPAddress.Loopback, 0), new ListenOptions());
            DriverConnect connect = loop.Driver.Connect(server.EndPoints[0]);
            await new OperationAwaitable(connect);
            socket = connect.Socket;
            server.Close();
        });
        program.Record(new InMemoryDriver());
        using LoopReplay replay = program.Open();
        replay.Run(driver => program.Run(driver));
        Assert.Multiple(() =>
        {
            Assert.That(socket!.RemoteEndPoint, Is.Null);
            Assert.That(socket.LocalEndPoint, Is.Null);
            Assert.That(socket.Descriptor, Is.Null);
            Assert.That(socket.GetFailure(), Is.EqualTo(SocketError.Success));
            Assert.That(socket.GetAcknowledgedBytes(), Is.Null);
            Assert.That(listener!.LocalEndPoint.ToString(), Is.EqualTo("255.255.255.255:0"));
            Assert.That(listener.StopAdmitting(), Is.False);
            Assert.That(() => socket.Send("late"u8), Throws.TypeOf<ObjectDisposedException>());
            Assert.That(
                () => socket.Receive(new byte[1]), Throws.TypeOf<ObjectDisposedException>());
            Assert.That(() => listener.Accept(), Throws.TypeOf<ObjectDisposedException>());
            Assert.That(replay.Difference, Is.Null);
        });
    }

    private static string? ShortfallOf(RecordedProgram program)
    {
        using LoopReplay replay = program.Open();
        replay.Run(driver => program.Run(driver));
        Assert.That(replay.HasEnded);
        return replay.Shortfall;
    }

    private static RecordedProgram Timers(long bytesMax = 1 << 30) => new(async (_, lines) =>
    {
        for (int i = 0; i < 10; i++)
        {
            await EventLoop.Delay(TimeSpan.FromSeconds(i));
            lines.Add($"{i}");
        }
    })
    {
        BytesMax = bytesMax,
    };
}
