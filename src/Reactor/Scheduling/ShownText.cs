namespace Reactor;

/// <summary>
/// The text of objects in error messages, even if <c>ToString</c>, user code, throws. Any thread.
/// </summary>
internal static class ShownText
{
    public static string Of(object? shown) => Of(shown, static one => one.ToString());

    public static string OfRunning(LoopWork work) =>
        Of(work, static one => one.DescribeFromOutside());

    private static string Of<T>(T? shown, Func<T, string?> describe) where T : class
    {
        try
        {
            return (shown is null ? null : describe(shown)) ?? "null";
        }
        catch (Exception error)
        {
            return $"<{shown!.GetType().Name}, whose text failed with {error.GetType().Name}>";
        }
    }
}
