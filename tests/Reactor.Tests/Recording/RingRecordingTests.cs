using Reactor.Drivers;
using Reactor.Recording;

namespace Reactor.Tests.Recording;

/// <summary>
/// The last seconds of a running loop are saved on request and for an unhandled error, by another
/// thread; the file says that it cannot be replayed.
/// </summary>
public sealed class RingRecordingTests
{
    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("reactor-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void The_last_seconds_are_saved_on_request()
    {
        string path = Path.Combine(_folder, "asked.reactor");
        Run(async (loop, ring) =>
        {
            await Work(10);
            await ring.SaveAsync(path);
        });
        using RecordingFile file = RecordingFile.Open(path);
        LoopTrace trace = file.ReadTrace();
        Assert.That(Fired(trace), Is.GreaterThanOrEqualTo(9), "the last one may be under way");
        Assert.That(file.Header.StartsLate);
        Assert.That(() => LoopReplay.Open(path), Throws.TypeOf<RecordingException>());
    }

    [Test]
    public void An_unhandled_error_saves_a_file_and_no_more_than_the_bound()
    {
        RingRecording recording = Run(async (loop, _) =>
        {
            for (int i = 0; i < 3; i++)
            {
                loop.CallSoon(() => throw new InvalidOperationException("planted"));
                await Work(2);
            }
        });
        Assert.That(recording.Files, Is.EqualTo(2), "FilesMax");
        Assert.That(recording.Failure, Is.Null);
        Assert.That(
            Directory.GetFiles(_folder).Select(Path.GetFileName).Order(),
            Is.EqualTo(new[] { "loop-1.reactor", "loop-2.reactor" }));
    }

    [Test]
    public void A_file_that_cannot_be_written_is_an_error_of_the_request() => Run(
        async (_, ring) =>
        {
            Exception? caught = null;
            try
            {
                await ring.SaveAsync(Path.Combine(_folder, "no", "such", "folder"));
            }
            catch (IOException error)
            {
                caught = error;
            }

            Assert.That(caught, Is.InstanceOf<DirectoryNotFoundException>());
        });

    private static int Fired(LoopTrace trace) =>
        trace.Events.ToArray().Count(one => one.Kind == TraceEventKind.TimerFired);

    private static async Coroutine Work(int count)
    {
        for (int i = 0; i < count; i++)
        {
            await EventLoop.Delay(TimeSpan.FromMilliseconds(1));
        }
    }

    private RingRecording Run(Func<EventLoop, RingRecording, Coroutine> main)
    {
        using var loop = new EventLoop(new EventLoopOptions { Driver = LoopDrivers.Sockets() })
        {
            ExceptionHandler = static (_, _) => { },
        };
        using RingRecording ring = RingRecording.Begin(
            loop, new RingRecordingOptions { Folder = _folder, FilesMax = 2 });
        loop.RunUntilComplete(main(loop, ring));
        return ring;
    }
}
