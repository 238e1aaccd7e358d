using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Reactor.Http.OpenApi;

/// <summary>
/// The OpenAPI 3.1 document of an application: its routes with what typed handlers and
/// <see cref="RouteDescribing"/> say about them. The same application makes the same bytes.
/// </summary>
/// <remarks>Not thread-safe while it is changed; else any thread.</remarks>
public sealed class OpenApiDocument
{
    private static readonly JsonWriterOptions s_format = new()
    {
        Indented = true,
        NewLine = "\n", // the same bytes on every system
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // it is sent as JSON, with nosniff
    };

    private OpenApiDocument(JsonObject root, IReadOnlyList<Route> leftOut)
    {
        Root = root;
        LeftOut = leftOut;
    }

    /// <summary>The OpenAPI Object; may be changed.</summary>
    public JsonObject Root { get; }

    /// <summary>
    /// Routes that lack an operation, in their order: OpenAPI has one operation for a method and a
    /// path, whatever the constraints and hosts, and no operation for other methods than its own.
    /// Routes that are marked by <c>Undocumented</c> are not among them. A test may expect none.
    /// </summary>
    public IReadOnlyList<Route> LeftOut { get; }

    /// <summary>
    /// Describes an application, with all that is mounted in it. It need not be served.
    /// </summary>
    /// <param name="application">The application, whose routes do not change any more.</param>
    /// <param name="info">What no route knows.</param>
    /// <exception cref="InvalidOperationException">
    /// A description names a parameter or a security scheme that does not exist; the message has
    /// the route.
    /// </exception>
    /// <exception cref="NotSupportedException">A type has no schema.</exception>
    public static OpenApiDocument Create(Application application, OpenApiInfo info)
    {
        ArgumentNullException.ThrowIfNull(application);
        ArgumentNullException.ThrowIfNull(info);
        var schemas = new SchemaSet();
        var errors = new ErrorResponses();
        var writer = new OperationWriter(info, schemas, errors);
        var leftOut = new HashSet<Route>();
        List<PlacedPath> placed = OperationList.Make(application, info.Host, leftOut);
        var paths = new JsonObject();
        foreach (PlacedPath path in placed)
        {
            paths.Add(path.Template, PathItems.Write(path, info, writer));
        }

        var root = new JsonObject
        {
            ["openapi"] = "3.1.1",
            ["info"] = InfoWriter.Info(info),
            ["servers"] = InfoWriter.Servers(info),
            ["security"] = InfoWriter.Security(info),
        };
        JsonArray tags = InfoWriter.Tags(info, placed);
        if (tags.Count > 0)
        {
            root.Add("tags", tags);
        }

        root.Add("paths", paths);
        JsonObject components = InfoWriter.Components(info, schemas, errors);
        if (components.Count > 0)
        {
            root.Add("components", components);
        }

        info.Edit?.Invoke(root);
        return new OpenApiDocument(root, [.. application.Routes.Where(leftOut.Contains)]);
    }

    /// <summary>The document as JSON in UTF-8, indented.</summary>
    public byte[] ToUtf8Bytes()
    {
        var bytes = new ArrayBufferWriter<byte>(16 * 1024);
        using (var json = new Utf8JsonWriter(bytes, s_format))
        {
            Root.WriteTo(json);
        }

        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>The document as JSON, indented.</summary>
    public override string ToString() => Encoding.UTF8.GetString(ToUtf8Bytes());

    /// <summary>
    /// Writes the document to a file, which is replaced, and a final newline. For the start of a
    /// program or a step of a build: it blocks, so not on the loop thread.
    /// </summary>
    /// <remarks>
    /// The file is written in place, so <c>/dev/stdout</c> is a path too; a reader may find a part.
    /// </remarks>
    /// <param name="path">The path of the file; its folder exists.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file must not be written.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        File.WriteAllBytes(path, [.. ToUtf8Bytes(), (byte)'\n']);
    }
}
