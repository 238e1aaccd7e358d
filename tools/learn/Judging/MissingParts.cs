using System.Text.RegularExpressions;

namespace Reactor.Learn;

/// <summary>
/// Reads from the errors of the compiler which types and members of an answer the scenarios miss.
/// The names are in the messages, which are English for every learner. Any thread.
/// </summary>
internal static partial class MissingParts
{
    /// <summary>
    /// The missing types, and the missing members as Type.Member, in the order of the errors. A
    /// member of a missing type is not named.
    /// </summary>
    public static IReadOnlyList<string> Of(IReadOnlyList<CompileError> errors)
    {
        string[] types =
        [
            .. errors.Where(error => error.Id is "CS0246" or "CS0103")
                .Select(error => Quoted(error)[0]).Distinct(),
        ];
        IEnumerable<string> members = errors.Where(error => error.Id is "CS1061" or "CS0117")
            .Select(Quoted).Where(names => !types.Contains(names[0]))
            .Select(names => $"{names[0]}.{names[1]}");
        return [.. types.Concat(members.Distinct())];
    }

    private static string[] Quoted(CompileError error) =>
        [.. Name().Matches(error.Message).Select(match => match.Groups[1].Value)];

    [GeneratedRegex("'([^']+)'")]
    private static partial Regex Name();
}
