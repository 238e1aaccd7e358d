using System.Diagnostics.CodeAnalysis;

namespace Reactor.Http;

/// <summary>
/// Reads the values that a route captured as types: <c>request.MatchInfo.Get&lt;int&gt;("id")</c>.
/// The rules are those of <see cref="TypedValues"/>.
/// </summary>
/// <remarks>Loop thread only. A constraint of the route answers 404 instead of 400.</remarks>
public static class TypedPathValues
{
    private const string Kind = "path parameter";

    extension(MatchInfo values)
    {
        /// <summary>A value that the route captured.</summary>
        /// <exception cref="HttpException">400: it is malformed.</exception>
        /// <exception cref="KeyNotFoundException">The pattern has no such name.</exception>
        public T Get<T>(string name) where T : ISpanParsable<T> =>
            TypedValues.Parse<T>(
                TypedValues.Required<T>(values[name], Kind, name), Kind, name);

        /// <summary>Gets a value that the route captured; false if it is malformed.</summary>
        /// <exception cref="KeyNotFoundException">The pattern has no such name.</exception>
        public bool TryGet<T>(string name, [MaybeNullWhen(false)] out T value)
            where T : ISpanParsable<T> => StrictText.TryParse(values[name], out value);

        /// <summary>
        /// A value that the route captured: the name of a member in any case; never a number.
        /// </summary>
        /// <exception cref="HttpException">400: it is malformed.</exception>
        /// <exception cref="KeyNotFoundException">The pattern has no such name.</exception>
        public T GetEnum<T>(string name) where T : struct, Enum =>
            TypedValues.ParseEnum<T>(
                TypedValues.Required<T>(values[name], Kind, name), Kind, name);
    }
}
