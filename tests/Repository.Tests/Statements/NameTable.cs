// The tables that set another library's names beside ours: each name of ours in them must be one
// that users can write. Pure: text in, names out.

using System.Text.RegularExpressions;

namespace Repository.Tests.Statements;

public static partial class NameTable
{
    /// <summary>
    /// The names in the second and third column that are no word of the public surface. Words of
    /// .NET that are shown beside ours are no promise.
    /// </summary>
    public static string[] Unknown(string page, string surface)
    {
        HashSet<string> known =
        [
            .. Name().Matches(surface).Select(name => name.Value),
            "AsyncLocal", "IEnumerator", "REACTOR_DEBUG", "OperationCanceledException",
            "TimeoutException", "AggregateException", "Main", "T", "P",
        ];
        return
        [
            .. from row in Row().Matches(page)
               from cell in new[] { row.Groups["ours"].Value, row.Groups["remark"].Value }
               from code in Code().Matches(cell)
               from name in Name().Matches(code.Value)
               where !known.Contains(name.Value)
               select name.Value,
        ];
    }

    [GeneratedRegex(
        @"^\|[^|\n]*\|(?<ours>[^|\n]*)\|(?<remark>[^|\n]*)\|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("`[^`]*`")]
    private static partial Regex Code();

    [GeneratedRegex(@"\b[A-Z]\w*")]
    private static partial Regex Name();
}
