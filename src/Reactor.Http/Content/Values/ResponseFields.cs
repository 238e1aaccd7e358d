using System.Text;
using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>Sets the fields of a response that describe its representation.</summary>
/// <remarks>Loop thread only; before the head is written.</remarks>
public static class ResponseFields
{
    extension(Response response)
    {
        /// <summary>Sets ETag (RFC 9110 8.8.3).</summary>
        public void SetETag(ETag tag) => response.Headers.Set("ETag", tag.ToString());

        /// <summary>
        /// Sets Last-Modified (RFC 9110 8.8.2), in whole seconds. Not later than now: a client
        /// would take the next change for none.
        /// </summary>
        public void SetLastModified(DateTimeOffset moment)
        {
            Span<byte> text = stackalloc byte[HttpDate.Length];
            HttpDate.Format(moment, text);
            response.Headers.Set("Last-Modified", Encoding.ASCII.GetString(text));
        }
    }
}

/// <summary>Look-ups that only this room needs.</summary>
internal static class FieldLookups
{
    extension(ResponseHeaders headers)
    {
        /// <summary>The first value of a field, or null.</summary>
        public string? Find(string name)
        {
            for (int i = 0; i < headers.Count; i++)
            {
                if (headers[i].Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                {
                    return headers[i].Value;
                }
            }

            return null;
        }
    }
}
