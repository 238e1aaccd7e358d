#!/usr/bin/env dotnet
// Kestrel as a peer, at its leanest: no logging, no routing, no reflection. It is a program of one
// file and stands in no solution: nothing else here needs ASP.NET.
//
//   dotnet run bench/peers/kestrel.cs PORT
#:sdk Microsoft.NET.Sdk.Web
#:property ServerGarbageCollection=false

using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;

WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
builder.WebHost.UseSockets(options => options.Backlog = 4096);
builder.WebHost.ConfigureKestrel(options =>
{
    options.Listen(IPAddress.Loopback, int.Parse(args[0]));
    options.Limits.KeepAliveTimeout = TimeSpan.FromHours(1);
});
byte[] hello = "Hello, World!"u8.ToArray();
Item[] items = [.. Enumerable.Range(10, 31).Select(id => new Item(id, "cup", true))];

WebApplication app = builder.Build();
app.Run(context => context.Request.Path.Value switch
{
    "/items" => Answer(
        context,
        "application/json",
        JsonSerializer.SerializeToUtf8Bytes(items, PeerJson.Default.ItemArray)),
    "/echo" => Echo(context),
    _ => Answer(context, "text/plain", hello),
});
app.Run();

static Task Answer(HttpContext context, string type, byte[] body)
{
    context.Response.ContentType = type;
    context.Response.ContentLength = body.Length;
    return context.Response.Body.WriteAsync(body).AsTask();
}

static async Task Echo(HttpContext context)
{
    byte[] body = new byte[(int)context.Request.ContentLength!];
    await context.Request.Body.ReadExactlyAsync(body);
    await Answer(context, "application/octet-stream", body);
}

internal sealed record Item(int Id, string Name, bool Ok);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Item[]))]
internal sealed partial class PeerJson : JsonSerializerContext;
