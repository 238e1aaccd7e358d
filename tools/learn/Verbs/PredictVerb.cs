using System.CommandLine;
using System.Globalization;

namespace Reactor.Learn;

/// <summary>
/// <c>learn predict 07</c>: shows the question and the program without its output, asks for a
/// choice, runs the program, and compares.
/// </summary>
internal static class PredictVerb
{
    public static Command Create(LearnContext context)
    {
        Argument<string> lesson = LessonArgument.Create();
        var choice = new Option<int?>("--choice")
        {
            Description = "Your prediction, from 1 on. Without it a line of the input is read.",
        };
        var command = new Command("predict", "Asks what a lesson prints, runs it, and compares.")
        {
            lesson, choice,
        };
        command.SetAction(parsed => Predict(
            context,
            LessonArgument.Find(context, parsed.GetRequiredValue(lesson)),
            parsed.GetValue(choice)));
        return command;
    }

    private static int Predict(LearnContext context, Lesson lesson, int? given)
    {
        LessonFile file = lesson.Read();
        context.Say(Texts.NextLesson, file.Number, lesson.TitleIn(context.Language));
        context.Say(Texts.Question, file.Question);
        context.Out.WriteLine();
        foreach (string line in file.Body)
        {
            context.Out.WriteLine(line);
        }

        context.Out.WriteLine();
        for (int i = 0; i < file.Choices.Count; i++)
        {
            context.Out.WriteLine($"  {i + 1}  {file.Choices[i]}");
        }

        int choice = given ?? Ask(context, file.Choices.Count);
        if (choice < 1 || choice > file.Choices.Count)
        {
            throw new LearnException(
                ExitCode.Usage, context.Get(Texts.NeedsChoice, file.Choices.Count));
        }

        ProgressBook.Open(context).Change(
            lesson, progress => progress with { Predicted = choice });
        return Compare(context, file, choice, LessonProcess.Run(lesson));
    }

    private static int Compare(
        LearnContext context, LessonFile file, int choice, LessonOutput output)
    {
        context.Out.WriteLine();
        context.Say(Texts.Running);
        foreach (string line in output.Lines)
        {
            bool isChoice = file.Choices.Contains(line);
            context.Out.WriteLine($"{(isChoice ? "▶" : " ")} {line}");
        }

        context.Out.WriteLine();
        if (output.Failure is { } failure)
        {
            throw new LearnException(ExitCode.Broken, context.Get(Texts.ProgramFailed, failure));
        }

        string predicted = file.Choices[choice - 1];
        string? printed = file.Choices.FirstOrDefault(output.Lines.Contains);
        if (output.Lines.Contains(predicted))
        {
            context.Say(Texts.PredictedRight, predicted);
        }
        else if (printed is not null)
        {
            context.Say(Texts.PredictedWrong, predicted, printed);
        }

        if (!output.Lines.SequenceEqual(file.ExpectedOutput))
        {
            context.Say(Texts.OutputDiffers, file.Path);
        }

        return ExitCode.Ok;
    }

    // Asks until a number is given; zero at the end of the input.
    private static int Ask(LearnContext context, int count)
    {
        context.Out.WriteLine();
        while (context.Ask(Texts.Ask, count) is { } answer)
        {
            if (int.TryParse(answer.Trim(), NumberStyles.None, CultureInfo.InvariantCulture,
                out int choice) && choice >= 1 && choice <= count)
            {
                return choice;
            }
        }

        return 0;
    }
}
