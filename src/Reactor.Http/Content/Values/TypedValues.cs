using System.Diagnostics.CodeAnalysis;

namespace Reactor.Http;

/// <summary>
/// Reads the values of a request as types: <c>request.Query.Get&lt;int&gt;("page", 1)</c>, and the
/// same on <see cref="Request.MatchInfo"/>, <see cref="Request.Headers"/>, <see
/// cref="Request.Cookies"/> and forms.
/// </summary>
/// <remarks>
/// <para>
/// A malformed value is answered with 400 and a sentence that names its kind, name and type, and
/// never repeats it. An empty value counts as missing, except for strings, because browsers send
/// an empty input so. The thread rule is that of the values.
/// </para>
/// <para>
/// Types parse themselves (<see cref="ISpanParsable{TSelf}"/>) in the invariant culture. Stricter
/// than .NET: no whitespace around a value; numbers are ASCII digits with an optional minus, and a
/// point and an exponent where the type has them, without plus, group separators, infinities and
/// NaN; a Boolean is <c>true</c>, <c>false</c>, <c>1</c> or <c>0</c>; a Guid has its hyphens and no
/// braces; dates and times are those of RFC 3339 (a DateTime without, a DateTimeOffset with an
/// offset); a TimeSpan is <c>[d.]hh:mm:ss[.fffffff]</c>.
/// </para>
/// </remarks>
public static class TypedValues
{
    extension(IRequestValues values)
    {
        /// <summary>The first value of a name.</summary>
        /// <exception cref="HttpException">400: it is missing or malformed.</exception>
        public T Get<T>(string name) where T : ISpanParsable<T> =>
            Parse<T>(Required<T>(values.Find(name), values.Kind, name), values.Kind, name);

        /// <summary>The first value of a name, or a fallback if it is missing.</summary>
        /// <exception cref="HttpException">400: it is malformed.</exception>
        public T Get<T>(string name, T fallback) where T : ISpanParsable<T> =>
            values.Find(name) is { } text && !IsMissing<T>(text)
                ? Parse<T>(text, values.Kind, name)
                : fallback;

        /// <summary>Gets the first value of a name; false if it is missing or malformed.</summary>
        public bool TryGet<T>(string name, [MaybeNullWhen(false)] out T value)
            where T : ISpanParsable<T>
        {
            value = default;
            return values.Find(name) is { } text && StrictText.TryParse(text, out value);
        }

        /// <summary>All values of a name, in order, without empty ones; may have none.</summary>
        /// <exception cref="HttpException">400: one is malformed.</exception>
        public IReadOnlyList<T> GetAll<T>(string name) where T : ISpanParsable<T>
        {
            var all = new List<T>();
            foreach (string text in values.FindAll(name))
            {
                if (!IsMissing<T>(text))
                {
                    all.Add(Parse<T>(text, values.Kind, name));
                }
            }

            return all;
        }

        /// <summary>
        /// The first value of a name, which is the name of a member in any case; never a number.
        /// </summary>
        /// <exception cref="HttpException">400: it is missing or malformed.</exception>
        public T GetEnum<T>(string name) where T : struct, Enum => ParseEnum<T>(
            Required<T>(values.Find(name), values.Kind, name), values.Kind, name);

        /// <inheritdoc cref="extension(IRequestValues).GetEnum{T}(string)" path="/summary"/>
        /// <remarks>A missing value is the fallback.</remarks>
        /// <exception cref="HttpException">400: it is malformed.</exception>
        public T GetEnum<T>(string name, T fallback) where T : struct, Enum =>
            values.Find(name) is { Length: > 0 } text
                ? ParseEnum<T>(text, values.Kind, name)
                : fallback;
    }

    private static bool IsMissing<T>(string? text) =>
        text is null || (text.Length == 0 && typeof(T) != typeof(string));

    internal static string Required<T>(string? text, string kind, string name) =>
        IsMissing<T>(text)
            ? throw HttpException.BadRequest($"The {kind} '{name}' is missing.")
            : text!;

    internal static T Parse<T>(string text, string kind, string name) where T : ISpanParsable<T> =>
        StrictText.TryParse<T>(text, out T? value) ? value : throw Malformed<T>(kind, name);

    internal static T ParseEnum<T>(string text, string kind, string name) where T : struct, Enum =>
        StrictText.TryParseEnum(text, out T value) ? value : throw Malformed<T>(kind, name);

    private static HttpException Malformed<T>(string kind, string name) =>
        HttpException.BadRequest($"The {kind} '{name}' is not a valid {typeof(T).Name}.");
}
