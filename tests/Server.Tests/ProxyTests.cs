using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Reactor.Testing;

namespace Server.Tests;

/// <summary>
/// Real proxies in front of the server, which keep their connections to it and lend them from
/// client to client: 10,000 requests, malformed ones among them, and each response must belong to
/// its request. A server that loses count of a body would answer one client with another's data.
/// </summary>
[Category("External")]
[NonParallelizable]
public class ProxyTests
{
    private const int Clients = 8;
    private const int RequestsPerClient = 1250;

    [Test]
    public void Behind_nginx_each_response_belongs_to_its_request()
    {
        string nginx = ExternalTool.Require("nginx", "nginx-light");
        Check((folder, port, backend) =>
        {
            string file = Path.Combine(folder, "nginx.conf");
            File.WriteAllText(file, $$"""
                daemon off; worker_processes 1; pid {{folder}}/pid; error_log {{folder}}/error crit;
                events { worker_connections 256; }
                http {
                  access_log off; client_max_body_size 0; large_client_header_buffers 8 32k;
                  client_body_temp_path {{folder}}/body; proxy_temp_path {{folder}}/proxy;
                  fastcgi_temp_path {{folder}}/f; uwsgi_temp_path {{folder}}/u;
                  scgi_temp_path {{folder}}/s;
                  upstream reactor { server 127.0.0.1:{{backend}}; keepalive 16; }
                  server {
                    listen 127.0.0.1:{{port}}; keepalive_requests 100000;
                    location / {
                      proxy_pass http://reactor; proxy_http_version 1.1;
                      proxy_set_header Connection ""; proxy_request_buffering off;
                    }
                  }
                }
                """);
            return new ProcessStartInfo(nginx, ["-p", folder, "-c", file]);
        });
    }

    [Test]
    public void Behind_HAProxy_each_response_belongs_to_its_request()
    {
        string haproxy = ExternalTool.Require("haproxy", "haproxy");
        Check((folder, port, backend) =>
        {
            string file = Path.Combine(folder, "haproxy.cfg");
            File.WriteAllText(file, $"""
                global
                  maxconn 200
                  tune.bufsize 65536
                  tune.http.maxhdr 400
                defaults
                  mode http
                  option http-keep-alive
                  http-reuse always
                  timeout connect 10s
                  timeout client 20s
                  timeout server 20s
                frontend front
                  bind 127.0.0.1:{port}
                  default_backend back
                backend back
                  server reactor 127.0.0.1:{backend}

                """);
            return new ProcessStartInfo(haproxy, ["-f", file]);
        });
    }

    private static void Check(Func<string, int, int, ProcessStartInfo> configure)
    {
        using var server = ServerProcess.Start("--log-level", "None");
        DirectoryInfo folder = Directory.CreateTempSubdirectory("reactor-proxy-");
        int port = FreePort();
        ProcessStartInfo start = configure(folder.FullName, port, server.Port);
        start.RedirectStandardError = true;
        using var proxy = Process.Start(start)!;
        try
        {
            WaitUntilItListens(port, proxy);
            int seed = TestSeed.Next();
            Task<int>[] clients =
            [
                .. Enumerable.Range(0, Clients).Select(i => Task.Factory.StartNew(
                    () => new ProxyClient(port, i, seed).Run(RequestsPerClient),
                    CancellationToken.None,
                    TaskCreationOptions.LongRunning,
                    TaskScheduler.Default)),
            ];
            Task.WaitAll(clients);

            Assert.That(
                clients.Sum(client => client.Result), Is.EqualTo(Clients * RequestsPerClient));
            string after = server.Ask(
                "GET /plaintext HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            Assert.That(after, Does.EndWith("Hello, World!"), "the server is as it was");
        }
        finally
        {
            proxy.Kill(entireProcessTree: true);
            proxy.WaitForExit();
            folder.Delete(recursive: true);
        }
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private static void WaitUntilItListens(int port, Process proxy) => Assert.That(
        () =>
        {
            try
            {
                using var probe = new TcpClient("127.0.0.1", port);
                return "listens";
            }
            catch (SocketException)
            {
                return proxy.HasExited
                    ? proxy.StandardError.ReadToEnd()
                    : port.ToString(CultureInfo.InvariantCulture);
            }
        },
        Is.EqualTo("listens").After(10_000, 20));
}
