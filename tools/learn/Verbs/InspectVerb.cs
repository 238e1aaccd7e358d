using System.CommandLine;
using System.Net.Sockets;
using Reactor.Inspector;

namespace Reactor.Learn;

/// <summary>
/// <c>learn inspect</c>: runs a lesson on the library, and shows the recorded run step by step.
/// </summary>
internal static class InspectVerb
{
    public static Command Create(LearnContext context)
    {
        Argument<string> lesson = LessonArgument.Create();
        var port = new Option<int>("--port")
        {
            Description = "The port on the loopback address. Default: a free one.",
        };
        var command = new Command(
            "inspect", "Records a lesson from 18 on, and opens the inspector on its run.")
        {
            lesson, port,
        };
        command.SetAction(parsed => Inspect(
            context, parsed.GetValue(lesson)!, parsed.GetValue(port)));
        return command;
    }

    private static int Inspect(LearnContext context, string word, int port)
    {
        Lesson lesson = LessonArgument.Find(context, word);
        if (!LessonPicture.IsRecorded(lesson))
        {
            throw new LearnException(
                ExitCode.Usage, context.Get(Texts.NotRecorded, LessonPicture.FirstRecorded));
        }

        using LessonRun run = LessonRun.Of(lesson, isRecorded: true);
        try
        {
            using RecordedInspector inspector = RecordedInspector.Open(
                run.ReadTrace(), new InspectorOptions { Port = port });
            context.Say(Texts.InspectorAt, inspector.Url);
            StopSignal.Wait();
            return ExitCode.Ok;
        }
        catch (Exception error) when (error is SocketException or ArgumentOutOfRangeException)
        {
            throw new LearnException(ExitCode.Usage, context.Get(Texts.NoPort, port));
        }
    }
}
