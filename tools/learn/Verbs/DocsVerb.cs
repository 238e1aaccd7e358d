using System.CommandLine;
using System.Diagnostics;
using System.Net.Sockets;

namespace Reactor.Learn;

/// <summary>
/// <c>learn docs</c>: shows the pages in the browser; for authors, checks them or writes the parts
/// that come from elsewhere.
/// </summary>
internal static class DocsVerb
{
    public static Command Create(LearnContext context)
    {
        var lesson = new Argument<string?>("lesson")
        {
            Description = "The lesson whose page is opened, for example 7. Default: the index.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var port = new Option<int>("--port")
        {
            Description = "The port on the loopback address. Default: a free one.",
        };
        var noOpen = new Option<bool>("--no-open")
        {
            Description = "Prints the address, and opens no browser.",
        };
        var check = new Option<bool>("--check")
        {
            Description = "For authors: names what is stale or missing in the pages.",
        };
        var write = new Option<bool>("--write")
        {
            Description = "For authors: writes programs, outputs and differences into the pages.",
        };
        var translated = new Option<string[]>("--translated")
        {
            Description = "With --write: the lessons whose Chinese pages are up to date.",
            HelpName = "lessons",
            AllowMultipleArgumentsPerToken = true,
        };
        var command = new Command("docs", "Shows the pages of the lessons in the browser.")
        {
            lesson, port, noOpen, check, write, translated,
        };
        command.SetAction(parsed =>
            parsed.GetValue(write)
                ? Write(context, parsed.GetValue(translated) ?? [], parsed.GetValue(check))
            : parsed.GetValue(check) ? Check(context)
            : Serve(
                context,
                parsed.GetValue(lesson) is { } word ? LessonArgument.Find(context, word) : null,
                parsed.GetValue(port), !parsed.GetValue(noOpen)));
        return command;
    }

    private static int Check(LearnContext context)
    {
        IReadOnlyList<PageFinding> findings = new CoursePages(context.Lessons).Check();
        foreach (PageFinding finding in findings)
        {
            context.Out.WriteLine(finding);
        }

        return findings.Count == 0 ? ExitCode.Ok : ExitCode.Wrong;
    }

    private static int Write(LearnContext context, string[] translated, bool isChecked)
    {
        Lesson[] lessons = [.. translated.Select(word => LessonArgument.Find(context, word))];
        foreach (string path in new CoursePages(context.Lessons).Write(lessons.Contains))
        {
            context.Say(Texts.Written, path);
        }

        return isChecked ? Check(context) : ExitCode.Ok;
    }

    private static int Serve(LearnContext context, Lesson? lesson, int port, bool isOpened)
    {
        try
        {
            using var server = new DocsServer(context.Lessons.Root, port, context.Language);
            string url = lesson is null
                ? server.Url : server.Url + lesson.FromRoot(lesson.Page(context.Language));
            context.Say(Texts.DocsAt, url);
            if (isOpened)
            {
                Open(url);
            }

            StopSignal.Wait();
            return ExitCode.Ok;
        }
        catch (Exception error) when (error is SocketException or ArgumentOutOfRangeException)
        {
            throw new LearnException(ExitCode.Usage, context.Get(Texts.NoPort, port));
        }
    }

    // A machine without a browser: the address is printed.
    private static void Open(string url)
    {
        try
        {
            using Process? browser = Process.Start(
                new ProcessStartInfo(url) { UseShellExecute = true });
        }
        catch (Exception error) when (error is System.ComponentModel.Win32Exception
            or InvalidOperationException or PlatformNotSupportedException)
        {
            Debug.WriteLine(error.Message);
        }
    }
}
