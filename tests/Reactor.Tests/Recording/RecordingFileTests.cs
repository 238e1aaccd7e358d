using System.Buffers.Binary;
using Reactor.Net;
using Reactor.Recording;
using Reactor.Simulation;

namespace Reactor.Tests.Recording;

/// <summary>
/// The file of a recording: what a reader sees of it when it is whole, cut, foreign, masked, at its
/// bound, or could not be written.
/// </summary>
public sealed class RecordingFileTests
{
    [Test]
    public void A_header_says_what_ran()
    {
        using var program = Timers();
        using (var recorder = new LoopRecording(new InMemoryDriver(), new LoopRecordingOptions
        {
            Path = program.Path,
            Program = "shop",
            ProgramVersion = "1.2",
            Arguments = ["--port", "0", "ü"],
        }))
        {
            program.Run(recorder);
        }

        // Not that of the process, which may be "dotnet".
        Assert.That(new LoopRecordingOptions { Path = "" }.Program, Is.EqualTo(
            System.Reflection.Assembly.GetEntryAssembly()!.GetName().Name));
        using RecordingFile file = RecordingFile.Open(program.Path);
        Assert.Multiple(() =>
        {
            Assert.That(file.Header.Driver, Is.EqualTo("in-memory"));
            Assert.That(file.Header.Program, Is.EqualTo("shop"));
            Assert.That(file.Header.ProgramVersion, Is.EqualTo("1.2"));
            Assert.That(file.Header.Arguments, Is.EqualTo(new[] { "--port", "0", "ü" }));
            Assert.That(file.Header.Resolution, Is.EqualTo(TimeSpan.Zero));
            Assert.That(file.Header.IsPollCostly, Is.False);
            Assert.That(file.Header.PollSkipsMax, Is.EqualTo(32));
            Assert.That(file.Header.PollMax, Is.EqualTo(TimeSpan.FromHours(24)));
            Assert.That(file.Header.ReplayObstacle, Is.Null);
            Assert.That(file.Header.BeganAt, Is.EqualTo(new InMemoryOptions().StartUtc));
        });
    }

    [Test]
    public void A_file_that_was_cut_at_any_byte_replays_up_to_there()
    {
        using var program = Timers();
        program.Record(new InMemoryDriver());
        byte[] whole = File.ReadAllBytes(program.Path);
        long last = 0;
        int ends = 0;
        for (int length = 0; length <= whole.Length; length++)
        {
            File.WriteAllBytes(program.Path, whole[..length]);
            LoopReplay replay;
            try
            {
                replay = program.Open();
            }
            catch (RecordingException error)
            {
                Assert.That(error.Message, Does.Match("is not a recording|has no complete header"));
                continue;
            }

            using (replay)
            {
                replay.Run(driver => program.Run(driver));
                Assert.That(replay.HasEnded, $"cut at {length}");
                Assert.That(replay.Entries, Is.GreaterThanOrEqualTo(last));
                ends += replay.Entries > last ? 1 : 0;
                last = replay.Entries;
            }
        }

        Assert.That(ends, Is.EqualTo(1), "the entries of this short run are one block");
    }

    [Test]
    public void A_damaged_byte_ends_the_file_there()
    {
        using var program = Timers();
        program.Record(new InMemoryDriver());
        byte[] bytes = File.ReadAllBytes(program.Path);
        bytes[^30] ^= 1; // in the block of entries
        File.WriteAllBytes(program.Path, bytes);
        using LoopReplay replay = program.Open();
        replay.Run(driver => program.Run(driver));
        Assert.That(replay.Entries, Is.Zero);
        Assert.That(replay.Shortfall, Does.StartWith("The file is damaged"));
    }

    [Test]
    public void A_foreign_file_and_another_version_are_rejected_with_a_sentence()
    {
        using var program = Timers();
        program.Record(new InMemoryDriver());
        byte[] bytes = File.ReadAllBytes(program.Path);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), 2);
        File.WriteAllBytes(program.Path, bytes);
        Assert.That(
            () => program.Open(),
            Throws.TypeOf<RecordingException>().With.Message.EndsWith(
                "has version 2 of the format; this library reads version 1."));
        File.WriteAllText(program.Path, "a text that is no recording");
        Assert.That(
            () => program.Open(),
            Throws.TypeOf<RecordingException>().With.Message.EndsWith(
                "is not a recording of a loop."));
    }

    [Test]
    public void A_masked_file_has_no_payload_and_cannot_be_replayed()
    {
        using var program = Secret(mask: true);
        program.Record(new InMemoryDriver());
        Assert.That(
            File.ReadAllBytes(program.Path).AsSpan().IndexOf("secret"u8), Is.EqualTo(-1));
        Assert.That(
            () => program.Open(),
            Throws.TypeOf<RecordingException>().With.Message.StartsWith(
                "This recording is masked"));
        using var open = Secret(mask: false);
        open.Record(new InMemoryDriver());
        Assert.That(
            File.ReadAllBytes(open.Path).AsSpan().IndexOf("secret"u8), Is.GreaterThan(0));
    }

    [Test]
    public void A_file_ends_at_its_bound_and_not_one_byte_before()
    {
        using var whole = Timers();
        whole.Record(new InMemoryDriver());
        long size = new FileInfo(whole.Path).Length;
        using (var exact = Timers(size))
        {
            Assert.That(EndOf(exact), Is.Null);
            Assert.That(new FileInfo(exact.Path).Length, Is.EqualTo(size));
            exact.Replay();
        }

        using var less = Timers(size - 1);
        Assert.That(
            EndOf(less), Is.EqualTo($"The recording has reached its bound of {size - 1} bytes."));
        Assert.That(new FileInfo(less.Path).Length, Is.LessThan(size));
        less.Replay();
        using RecordingFile file = RecordingFile.Open(less.Path);
        byte[] buffer = [];
        while (file.TryRead(ref buffer, out _, out _))
        {
        }

        Assert.That(file.HasEndedEarly);
    }

    [Test]
    [Platform("Linux")]
    public void A_full_disk_ends_the_recording_and_not_the_loop()
    {
        using var program = Timers();
        using var recorder = new LoopRecording(
            new InMemoryDriver(), new LoopRecordingOptions { Path = "/dev/full" });
        Assert.That(program.Run(recorder).Lines, Has.Count.EqualTo(10));
        Assert.That(
            recorder.EndReason, Does.StartWith("The recording has ended: it cannot be written"));
    }

    [Test]
    public void A_file_that_cannot_be_made_is_an_error_of_the_caller() => Assert.That(
        () => new LoopRecording(
            new InMemoryDriver(), new LoopRecordingOptions { Path = "/no/such/folder/file" }),
        Throws.InstanceOf<IOException>());

    [Test]
    public void Entries_of_many_blocks_are_whole_while_the_writer_writes_them()
    {
        using var program = new RecordedProgram(async (loop, lines) =>
        {
            long sum = 0;
            for (int i = 0; i < 100_000; i++)
            {
                sum += loop.Driver.Random.NextInt64();
                if (i % 1000 == 0)
                {
                    await EventLoop.Yield();
                }
            }

            lines.Add($"{sum}");
        });
        var recorded = program.Record(new InMemoryDriver());
        Assert.That(new FileInfo(program.Path).Length, Is.GreaterThan(20 * 64 * 1024));
        program.Replay().AssertSame(recorded);
    }

    [Test]
    public void Large_payloads_cross_no_block()
    {
        using var program = new RecordedProgram(async (loop, lines) =>
        {
            byte[] data = new byte[1_000_000];
            loop.Driver.Random.NextBytes(data);
            LoopServer server = await loop.StartServer(
                async connection =>
                {
                    byte[] all = await connection.ReadToEndAsync(bytesMax: data.Length);
                    lines.Add($"{all.AsSpan().SequenceEqual(data)}");
                },
                "127.0.0.1",
                port: 0);
            Connection client = await Connection.OpenAsync(server.EndPoints[0]);
            await client.WriteAsync(data);
            client.ShutdownSend();
            await client.ReadToEndAsync();
            client.Close();
            server.Close();
            await server.WaitClosedAsync();
        });
        var recorded = program.Record(new InMemoryDriver());
        program.Replay().AssertSame(recorded);
    }

    private static string? EndOf(RecordedProgram program)
    {
        LoopRecording recorder = program.Recorder(new InMemoryDriver());
        program.Run(recorder);
        return recorder.EndReason;
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

    private static RecordedProgram Secret(bool mask) => new(async (loop, _) =>
    {
        LoopServer server = await loop.StartServer(
            async connection => await connection.ReadLineAsync(), "127.0.0.1", port: 0);
        Connection client = await Connection.OpenAsync(server.EndPoints[0]);
        await client.WriteAsync("secret\n"u8.ToArray());
        await client.ReadToEndAsync();
        client.Close();
        server.Close();
        await server.WaitClosedAsync();
    })
    {
        Mask = mask,
    };
}
