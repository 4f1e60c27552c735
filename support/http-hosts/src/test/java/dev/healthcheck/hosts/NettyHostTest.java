package dev.healthcheck.hosts;

import dev.healthcheck.http.HealthEndpoint;
import dev.healthcheck.http.HealthRequest;
import dev.healthcheck.http.HealthResponse;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

class NettyHostTest extends HangUpContract {
    @Override
    Host host() {
        return new NettyHost();
    }

    private static final class NettyHost implements Host {
        private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

        @Override
        public int start(HealthEndpoint endpoint) throws Exception {
            ChannelInitializer<SocketChannel> pipeline = new ChannelInitializer<>() {
                @Override
                protected void initChannel(SocketChannel channel) {
                    ChannelPipeline pipeline = channel.pipeline();
                    // recipe
                    pipeline.addLast(
                            new HttpServerCodec(), new HttpServerKeepAliveHandler(), new HttpObjectAggregator(8_192));
                    pipeline.addLast(new NettyHealthHandler(endpoint));
                    // end of recipe
                    pipeline.addLast(new NotFound());
                }
            };
            var server = new ServerBootstrap()
                    .group(loop)
                    .channel(NioServerSocketChannel.class)
                    .childHandler(pipeline)
                    .bind("127.0.0.1", 0)
                    .sync();
            return ((InetSocketAddress) server.channel().localAddress()).getPort();
        }

        @Override
        public void stop() throws Exception {
            loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        }
    }

    /** The rest of the application. */
    private static final class NotFound extends SimpleChannelInboundHandler<FullHttpRequest> {
        @Override
        @SuppressWarnings("FutureReturnValueIgnored")
        protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
            var response = new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1, HttpResponseStatus.NOT_FOUND, Unpooled.EMPTY_BUFFER);
            response.headers().set(HttpHeaderNames.CONTENT_LENGTH, 0);
            context.writeAndFlush(response);
        }
    }
}

@SuppressWarnings("FutureReturnValueIgnored") // as the other recipes
// recipe
final class NettyHealthHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
    private final HealthEndpoint endpoint;
    private CompletableFuture<HealthResponse> answer = new CompletableFuture<>();

    NettyHealthHandler(HealthEndpoint endpoint) {
        this.endpoint = endpoint;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        String path = new QueryStringDecoder(request.uri()).path();
        if (!path.matches("/health(/.*)?")) {
            context.fireChannelRead(request.retain());
            return;
        }
        String below = path.substring("/health".length());
        answer = endpoint.answer(HealthRequest.of(request.method().name(), "/health", below, request.headers()::get));
        answer.thenAcceptAsync(from -> send(context, from), context.executor());
    }

    private static void send(ChannelHandlerContext context, HealthResponse from) {
        var response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(from.status()), Unpooled.wrappedBuffer(from.body()));
        from.headers().forEach(response.headers()::set);
        response.headers().set(HttpHeaderNames.CONTENT_LENGTH, from.contentLength());
        context.writeAndFlush(response);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        answer.cancel(false); // nobody waits for it
        context.fireChannelInactive();
    }
}
// end of recipe
