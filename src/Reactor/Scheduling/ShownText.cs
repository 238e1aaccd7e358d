namespace Reactor;

/// <summary>
/// The text of objects in error messages. <c>ToString</c> is user code and may throw; the error
/// must be reported nevertheless.
/// </summary>
/// <remarks>Any thread.</remarks>
internal static class ShownText
{
    /// <summary>The object's text, or its type and the error of <c>ToString</c>.</summary>
    public static string Of(object? shown) => Of(shown, static one => one.ToString());

    public static string OfRunning(LoopWork work) =>
        Of(work, static one => one.DescribeFromOutside());

    private static string Of<T>(T? shown, Func<T, string?> describe)
        where T : class
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
