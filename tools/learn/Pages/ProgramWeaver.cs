namespace Reactor.Learn;

/// <summary>
/// Lays a program into the blocks of a page. Block i begins at the line of the program that equals
/// the first line of the block, and ends before the first line of block i + 1. Empty lines at the
/// end of a block are left out. Pure; any thread.
/// </summary>
internal static class ProgramWeaver
{
    /// <summary>The lines of each block, from the program.</summary>
    /// <param name="program">All lines.</param>
    /// <param name="blocks">The present lines of the blocks, of which the first ones count.</param>
    /// <param name="complaint">Why it cannot be done, or null.</param>
    /// <param name="wrong">The index of the block that is to blame.</param>
    public static IReadOnlyList<IReadOnlyList<string>> Weave(
        IReadOnlyList<string> program, IReadOnlyList<IReadOnlyList<string>> blocks,
        out string? complaint, out int wrong)
    {
        (complaint, wrong) = (null, 0);
        int[] starts = new int[blocks.Count + 1];
        starts[^1] = program.Count;
        for (int i = 0; i < blocks.Count; i++)
        {
            string first = blocks[i].Count > 0 ? blocks[i][0] : "";
            starts[i] = i == 0
                ? (program.Count > 0 && program[0] == first ? 0 : -1)
                : Find(program, first, starts[i - 1], Filled(blocks[i - 1]));
            if (starts[i] < 0)
            {
                (complaint, wrong) = (Complaint(program, first, i), i);
                return [];
            }
        }

        return [.. blocks.Select((_, i) =>
            Filled([.. program.Skip(starts[i]).Take(starts[i + 1] - starts[i])]))];
    }

    /// <summary>The lines without empty ones at the end.</summary>
    public static IReadOnlyList<string> Filled(IReadOnlyList<string> lines)
    {
        int count = lines.Count;
        while (count > 0 && lines[count - 1].Trim().Length == 0)
        {
            count--;
        }

        return [.. lines.Take(count)];
    }

    // A line such as a brace is in the program more than once: the place behind the present lines
    // of the block before is preferred.
    private static int Find(
        IReadOnlyList<string> program, string first, int before, IReadOnlyList<string> lines)
    {
        int behind = before + lines.Count;
        while (behind < program.Count && program[behind].Length == 0)
        {
            behind++;
        }

        return behind < program.Count && program[behind] == first
            ? behind
            : Enumerable.Range(before + 1, Math.Max(0, program.Count - before - 1))
                .FirstOrDefault(i => program[i] == first, -1);
    }

    private static string Complaint(IReadOnlyList<string> program, string first, int index) =>
        index == 0
            ? $"the first block must begin with the first line of the program, '{program[0]}'"
        : program.Contains(first)
            ? $"the block that begins with '{first}' is not in the order of the program"
            : $"the program has no line '{first}', with which this block begins";
}
