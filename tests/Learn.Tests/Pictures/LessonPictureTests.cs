// The picture of a lesson comes from a run: of its printed lines, or recorded on the virtual clock.

using System.Text;
using Reactor.Inspector;
using Reactor.Learn;

namespace Learn.Tests.Pictures;

[TestFixture]
public sealed class LessonPictureTests
{
    private const string Recorded = """
        #!/usr/bin/env dotnet
        #:project ../src/Reactor/Reactor.csproj
        // Lesson 18: how long do two waits take?
        // Question: Two tasks wait.
        // Predict:
        //   1 s
        //   2 s
        // Picture: lanes
        // Expected output:
        //   1 s
        using Reactor;

        TimeSpan took = EventLoop.Run(async Coroutine<TimeSpan> () =>
        {
            EventLoop loop = EventLoop.Current;
            TimeSpan begin = loop.Time;
            LoopTask first = EventLoop.Spawn(Wait());
            LoopTask second = EventLoop.Spawn(Wait());
            await first;
            await second;
            return loop.Time - begin;
        });
        Console.WriteLine($"{took.TotalSeconds:0} s");

        static async Coroutine Wait() => await EventLoop.Delay(TimeSpan.FromSeconds(1));
        """;

    private PlantedCourse _course = null!;
    private StringWriter _out = null!;

    [SetUp]
    public void Plant()
    {
        _course = new PlantedCourse();
        _out = new StringWriter();
    }

    [TearDown]
    public void Remove()
    {
        _course.Dispose();
        _out.Dispose();
    }

    [Test]
    public void Pictures_are_written_and_then_current()
    {
        Assert.That(Learn("pictures", "--check"), Is.EqualTo(ExitCode.Wrong));
        Assert.That(_out.ToString(), Is.EqualTo(
            "docs/lessons/pictures/12-first.svg is stale; `learn pictures 12` writes it.\n"
            + "docs/lessons/pictures/13-second.svg is stale; `learn pictures 13` writes it.\n"));
        Assert.That(Learn("pictures"), Is.EqualTo(ExitCode.Ok));
        Assert.That(
            _course.Read("docs/lessons/pictures/13-second.svg"), Does.Contain(">b: three</text>"));
        Assert.That(Learn("pictures", "--check"), Is.EqualTo(ExitCode.Ok));

        _course.Replace("docs/lessons/pictures/13-second.svg", "b: three", "b: four");
        Assert.That(Learn("pictures", "13", "--check"), Is.EqualTo(ExitCode.Wrong));
        Assert.That(Learn("pictures", "12", "--check"), Is.EqualTo(ExitCode.Ok));
    }

    [Test]
    public void A_program_that_prints_something_else_than_its_head_says_has_no_picture()
    {
        _course.Replace(
            "lessons/13_second.cs", "WriteLine(\"a: one\")", "WriteLine(\"a: 1\")");
        Assert.That(Learn("pictures", "13"), Is.EqualTo(ExitCode.Broken));
        Assert.That(_out.ToString(), Does.Contain(
            "lessons/13_second.cs: line 2 of the output is 'a: 1', and its head says 'a: one'."));
        string path = Path.Combine(_course.Root, "changed.svg");
        Assert.That(Learn("picture", "13", "-o", path), Is.EqualTo(ExitCode.Ok), "a learner's try");
        Assert.That(File.ReadAllText(path), Does.Contain(">a: 1</text>"));
    }

    [Test]
    public void A_program_that_fails_or_does_not_compile_is_reported()
    {
        _course.Replace(
            "lessons/12_first.cs", "Console.WriteLine(\"a: one\");",
            "throw new InvalidOperationException(\"planted\");");
        Assert.That(Learn("pictures", "12"), Is.EqualTo(ExitCode.Broken));
        Assert.That(_out.ToString(), Does.Contain("lessons/12_first.cs has failed")
            .And.Contain("planted"));
        _course.Replace("lessons/12_first.cs", "throw new", "throw old");
        Assert.That(Learn("pictures", "12"), Is.EqualTo(ExitCode.Broken));
        Assert.That(_out.ToString(), Does.Contain("12_first.cs:15:"));
    }

    [Test]
    public void A_lesson_on_the_library_is_recorded_on_the_virtual_clock_the_same_each_time()
    {
        _course.Write("lessons/18_waits.cs", Recorded);
        Lesson lesson = _course.Lessons.Find("18") ?? new Lessons(_course.Root).Find("18")!;
        string first = Encoding.UTF8.GetString(LessonPicture.Make(lesson));
        Assert.That(first, Does.Contain("18_waits").And.Contain("waits for a timer"));
        using LessonRun one = LessonRun.Of(lesson, isRecorded: true);
        using LessonRun other = LessonRun.Of(lesson, isRecorded: true);
        foreach (PictureKind kind in Enum.GetValues<PictureKind>())
        {
            Assert.That(Draw(one, kind), Is.EqualTo(Draw(other, kind)), kind.ToString());
        }
    }

    [Test]
    public void The_picture_of_several_loops_comes_from_the_printed_lines()
    {
        _course.Write("lessons/24_loops.cs", Recorded
            .Replace("Lesson 18", "Lesson 24")
            .Replace("\n\nstatic async", "\nEventLoop.Run(Wait);\n\nstatic async"));
        byte[] picture = LessonPicture.Make(new Lessons(_course.Root).Find("24")!);
        Assert.That(Encoding.UTF8.GetString(picture), Does.Contain(">1 s</text>"));
    }

    [Test]
    public void The_inspector_refuses_lessons_without_the_library()
    {
        Assert.That(Learn("inspect", "12"), Is.EqualTo(ExitCode.Usage));
        Assert.That(_out.ToString(), Does.Contain("lessons from 18 on"));
    }

    private static byte[] Draw(LessonRun run, PictureKind kind)
    {
        using var picture = new MemoryStream();
        TracePicture.Write(run.ReadTrace(), kind, new PictureOptions(), picture);
        return picture.ToArray();
    }

    private int Learn(params string[] arguments)
    {
        _out.GetStringBuilder().Clear();
        return LearnProgram.Run(arguments, new LearnContext
        {
            Lessons = new Lessons(_course.Root),
            Out = _out,
            Error = _out,
            In = TextReader.Null,
            IsInteractive = false,
            Language = Language.English,
        });
    }
}
