namespace Reactor.Http.Tests.Routing.Oracle;

/// <summary>A segment of a path, with what a reader of RFC 3986 knows about it.</summary>
/// <param name="Sent">As it is sent.</param>
/// <param name="Decoded">Its octets as UTF-8, or null if they are not.</param>
/// <param name="IsSafe">Whether it is one segment of a file system too.</param>
internal sealed record SentSegment(string Sent, string? Decoded, bool IsSafe)
{
    /// <summary>The segments of random paths; the sets of values in use differ in some.</summary>
    public static IReadOnlyList<SentSegment> All { get; } =
    [
        new("", "", true),
        .. new[]
        {
            "a", "b", "ab", "abc", "abcd", "m", "n", "1", "7", "9", "12", "-3", "300",
            "5000000000", "07", "a1", "abcdefghijklmnopqrstuvwxyzabcdefghij",
            "01234567-89ab-CDEF-0123-456789abcdef",
        }.Select(text => new SentSegment(text, text, true)),
        new("%61b", "ab", true),
        new("%37", "7", true),
        new("%C3%A9", "\u00E9", true),
        new("%c3%a9%C3%A9%C3%A9", "\u00E9\u00E9\u00E9", true),
        new("a%2Fb", "a/b", false),
        new("%5c7", "\\7", false),
        new("..", "..", false),
        new("%FF", null, false),
    ];
}
