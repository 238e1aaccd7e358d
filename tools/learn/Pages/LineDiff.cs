namespace Reactor.Learn;

/// <summary>
/// The difference between two short texts, line by line: a longest common subsequence, with two
/// unchanged lines around each change. Pure; any thread.
/// </summary>
internal static class LineDiff
{
    private const int Context = 2;

    /// <summary>Between changes with more unchanged lines between them than are shown.</summary>
    public const string Gap = "@@";

    /// <summary>
    /// The lines of the difference: a space, '-' or '+', then the line; none if the texts are the
    /// same.
    /// </summary>
    public static IReadOnlyList<string> Of(
        IReadOnlyList<string> before, IReadOnlyList<string> after)
    {
        List<string> all = Edits(before, after);
        var shown = new List<string>();
        int last = -1;
        for (int i = 0; i < all.Count; i++)
        {
            int first = Math.Max(0, i - Context);
            bool isNear = all.Skip(first).Take(i - first + Context + 1)
                .Any(line => line[0] != ' ');
            if (isNear)
            {
                if (shown.Count > 0 && last != i - 1)
                {
                    shown.Add(Gap);
                }

                shown.Add(all[i].TrimEnd());
                last = i;
            }
        }

        return shown;
    }

    private static List<string> Edits(IReadOnlyList<string> before, IReadOnlyList<string> after)
    {
        int[,] common = Common(before, after);
        var edits = new List<string>();
        int i = 0;
        int j = 0;
        while (i < before.Count || j < after.Count)
        {
            if (i < before.Count && j < after.Count && before[i] == after[j])
            {
                edits.Add(" " + before[i++]);
                j++;
            }
            else if (i < before.Count && (j == after.Count || common[i + 1, j] >= common[i, j + 1]))
            {
                edits.Add("-" + before[i++]);
            }
            else
            {
                edits.Add("+" + after[j++]);
            }
        }

        return edits;
    }

    // The length of the longest common subsequence behind each pair of positions.
    private static int[,] Common(IReadOnlyList<string> before, IReadOnlyList<string> after)
    {
        int[,] common = new int[before.Count + 1, after.Count + 1];
        for (int i = before.Count - 1; i >= 0; i--)
        {
            for (int j = after.Count - 1; j >= 0; j--)
            {
                common[i, j] = before[i] == after[j]
                    ? common[i + 1, j + 1] + 1
                    : Math.Max(common[i + 1, j], common[i, j + 1]);
            }
        }

        return common;
    }
}
