using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>Reads a whole form: fields into memory, files into temporary files.</summary>
/// <remarks>Loop thread only. Each limit is checked before what exceeds it is copied.</remarks>
internal static class FormReading
{
    private static readonly RequestKey<FormValues> s_key = new("form");

    public static async Coroutine<FormValues> ReadAsync(Request request, FormOptions options)
    {
        if (request.State.TryGet(s_key, out FormValues? form))
        {
            return form;
        }

        byte[]? boundary = FormContent.BoundaryOf(request.Head, mayBeUrlEncoded: true);
        form = boundary is null
            ? await ReadUrlEncodedAsync(request, options)
            : await ReadPartsAsync(new MultipartReader(request, boundary, options));
        request.State.Set(s_key, form);
        return form;
    }

    private static async Coroutine<FormValues> ReadUrlEncodedAsync(
        Request request, FormOptions options)
    {
        RequestHead head = request.Head;
        if (head.BodyKind == BodyKind.ContentLength)
        {
            ThrowIfTooLarge(head.ContentLength, options);
        }

        // Too late, and not needed, for a body that a middleware has read whole.
        request.Context.Body.TryLimitTo(options.FieldBytesMax);
        ReadOnlyMemory<byte> content = await request.ReadAsync();
        ThrowIfTooLarge(content.Length, options);
        return Parse(content.Span, options);
    }

    private static FormValues Parse(ReadOnlySpan<byte> content, FormOptions options) =>
        QueryValues.TryParse(content, options.KeysMax, out QueryValues values) switch
        {
            QueryFault.TooManyKeys => throw FormFault.Malformed(
                $"The form has more than {options.KeysMax} fields."),
            QueryFault.InvalidEscape => throw FormFault.Malformed(
                "A field of the form is no UTF-8 text, or has an invalid escape."),
            _ => new FormValues(values),
        };

    private static async Coroutine<FormValues> ReadPartsAsync(MultipartReader reader)
    {
        FormOptions options = reader.Options;
        var form = new FormValues(new QueryValues());
        int left = options.FieldBytesMax;
        await foreach (MultipartPart part in reader)
        {
            if (part.FileName is null)
            {
                string text = await part.TextAsync(Math.Min(left, options.PartBytesMax));
                left -= (await part.ReadAsync()).Length;
                form.Fields.Add(part.Name, text);
            }
            else if (part.FileName.Length > 0 || !await reader.IsEmptyAsync(part))
            {
                form.Add(options.TakesFiles
                    ? await part.SpoolAsync()
                    : throw FormFault.Malformed("The form has a file: only fields are taken."));
            }
        }

        return form;
    }

    private static void ThrowIfTooLarge(long bytes, FormOptions options)
    {
        if (bytes > options.FieldBytesMax)
        {
            throw FormFault.TooLarge("The fields of the form are too large.");
        }
    }
}
