namespace Reactor;

/// <summary>
/// Objects of the user's in messages about errors. Their <c>ToString</c> is user code, which may
/// throw or not even compile; the error that the message is about must be reported all the same.
/// </summary>
/// <remarks>Any thread.</remarks>
internal static class ShownText
{
    /// <summary>The object as text; its type and the error, if it has no text.</summary>
    public static string Of(object? shown) => Of(shown, static one => one.ToString());

    /// <summary>What work says of itself while the loop runs it.</summary>
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
