namespace Reactor;

/// <summary>
/// Detects exceptions nested too deeply for the runtime, which builds their text by recursion: a
/// stack overflow would end the process. Any thread.
/// </summary>
internal static class ExceptionDepth
{
    private const int DepthMax = 100;

    /// <summary>Exceptions visited: a group may contain thousands that are not nested.</summary>
    private const int VisitedMax = 10_000;

    public static bool IsTooDeep(Exception error)
    {
        var open = new Stack<(Exception Error, int Depth)>();
        open.Push((error, 1));
        for (int i = 0; i < VisitedMax && open.TryPop(out var at); i++)
        {
            if (at.Depth > DepthMax)
            {
                return true;
            }

            Exception?[] inners = at.Error is AggregateException group
                ? [.. group.InnerExceptions]
                : [at.Error.InnerException];
            foreach (Exception inner in inners.OfType<Exception>())
            {
                open.Push((inner, at.Depth + 1));
            }
        }

        return false;
    }

    public static string Describe(Exception error)
    {
        int depth = 0;
        Exception innermost = error;
        while (innermost.InnerException is { } inner)
        {
            innermost = inner;
            depth++;
        }

        return $"({depth} exceptions inside each other are not shown; the innermost is "
            + $"{innermost.GetType()}: {LogText.Escape(innermost.Message)})";
    }
}
