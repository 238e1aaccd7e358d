using System.CommandLine;

namespace Reactor.Learn;

/// <summary>The verbs of the program in the order of the help.</summary>
internal static class VerbTable
{
    public static IReadOnlyList<Func<LearnContext, Command>> All { get; } =
    [
        ListVerb.Create,
        NextVerb.Create,
        PredictVerb.Create,
        CheckVerb.Create,
        HintVerb.Create,
        SolutionVerb.Create,
        ResetVerb.Create,
        JudgeVerb.Create,
        PictureVerb.Create,
        InspectVerb.Create,
        DocsVerb.Create,
        PicturesVerb.Create,
        RunLessonVerb.Create,
    ];
}
